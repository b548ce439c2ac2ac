// The driver as a program, for the proof.

import Foundation
import ScenarioSupport

@main
struct ProveDriver {
    static func main() async {
        let talkative = ProcessInfo.processInfo.environment["PROVE_TALKATIVE"] == "1"
        _ = await Driver(answers: .standardOutput, talk: talkative ? Talk() : nil).drive(.standardInput)
        // What is under way ends with the process.
        exit(0)
    }
}

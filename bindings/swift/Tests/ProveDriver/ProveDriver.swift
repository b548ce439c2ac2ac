// The driver as a program, for the proof.

import Foundation
import ScenarioSupport

@main
struct ProveDriver {
    static func main() async {
        let verbose = ProcessInfo.processInfo.environment["PROVE_VERBOSE"] == "1"
        _ = await Driver(answers: .standardOutput, talk: verbose ? Talk() : nil).drive(.standardInput)
        // What is under way ends with the process.
        exit(0)
    }
}

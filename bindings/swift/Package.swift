// swift-tools-version: 6.0

import Foundation
import PackageDescription

// The library in Rust is built, and the Swift on top of it generated, by `cargo xtask swift`. It
// leaves both libraries in `Native`.
let native = Context.packageDirectory + "/Native"

// An app takes the library from an XCFramework, where one has been built: docs/xcframework.md.
let framework = "CIcePanelInvites.xcframework"
let invitesInRust: Target =
    FileManager.default.fileExists(atPath: "\(native)/\(framework)")
    ? .binaryTarget(name: "CIcePanelInvites", path: "Native/\(framework)")
    : .systemLibrary(name: "CIcePanelInvites")

// Where the library lies is known to what is run from this checkout. A package that others depend on
// may not say it, so the library products do not.
let findsNative: [LinkerSetting] = [
    .unsafeFlags(["-L", native, "-Xlinker", "-rpath", "-Xlinker", native])
]

/// The examples of README.md as they are printed, each a program. `cargo xtask swift` takes them out of the page.
let examples = (1...5).map { number in
    Target.executableTarget(
        name: "Example\(number)",
        dependencies: ["IcePanelInvites"],
        path: "Native/readme/Example\(number)",
        linkerSettings: findsNative
    )
}

let package = Package(
    name: "icepanel-invites",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [
        .library(name: "IcePanelInvites", targets: ["IcePanelInvites"]),
        .library(name: "IcePanelInvitesTesting", targets: ["IcePanelInvitesTesting"]),
    ],
    targets: [
        invitesInRust,
        .target(
            name: "IcePanelInvites",
            dependencies: ["CIcePanelInvites"],
            // Apple's platforms judge certificates themselves.
            linkerSettings: [.linkedFramework("Security", .when(platforms: [.macOS, .iOS]))]
        ),

        // The sandbox: for tests, in no app.
        .systemLibrary(name: "CIcePanelSandbox"),
        .target(name: "IcePanelSandboxFFI", dependencies: ["CIcePanelSandbox"]),
        .target(name: "IcePanelInvitesTesting", dependencies: ["IcePanelInvites", "IcePanelSandboxFFI"]),

        .executableTarget(
            name: "onboard",
            dependencies: ["IcePanelInvites"],
            path: "Examples/Onboard",
            exclude: ["people.csv"],
            linkerSettings: findsNative
        ),
        .executableTarget(
            name: "bench",
            dependencies: ["IcePanelInvites", "IcePanelInvitesTesting"],
            path: "Benchmarks",
            linkerSettings: findsNative
        ),

        // The driver, for the tests of the scenarios and for the proof that spans the languages.
        .target(
            name: "ScenarioSupport",
            dependencies: ["IcePanelInvites", "IcePanelInvitesTesting"],
            path: "Tests/ScenarioSupport"
        ),
        .executableTarget(
            name: "ProveDriver",
            dependencies: ["ScenarioSupport"],
            path: "Tests/ProveDriver",
            linkerSettings: findsNative
        ),
        .testTarget(
            name: "IcePanelInvitesTests",
            dependencies: [
                "IcePanelInvites", "IcePanelInvitesTesting", "IcePanelSandboxFFI", "ScenarioSupport", "onboard",
            ],
            linkerSettings: findsNative
        ),
        .testTarget(
            name: "ReadmeTests",
            dependencies: ["IcePanelInvites", "IcePanelInvitesTesting"],
            path: "Native/readme/Tests",
            linkerSettings: findsNative
        ),
    ] + examples,
    swiftLanguageModes: [.v6]
)

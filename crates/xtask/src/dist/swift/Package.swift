// swift-tools-version: 6.0

import PackageDescription

// On Apple's platforms the library is in an XCFramework, which scripts/xcframework.sh makes on a Mac. It writes the address
// and the checksum of a release here.
#if os(Linux)
    let invitesInRust: Target = .systemLibrary(name: "CIcePanelInvites")
#else
    let invitesInRust: Target = .binaryTarget(name: "CIcePanelInvites", path: "CIcePanelInvites.xcframework")
#endif

let package = Package(
    name: "icepanel-invites",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [
        .library(name: "IcePanelInvites", targets: ["IcePanelInvites"])
    ],
    targets: [
        invitesInRust,
        .target(
            name: "IcePanelInvites",
            dependencies: ["CIcePanelInvites"],
            // A static library does not say what it needs of the system: certificates, and proxies.
            linkerSettings: [
                .linkedFramework("Security", .when(platforms: [.macOS, .iOS])),
                .linkedFramework("SystemConfiguration", .when(platforms: [.macOS])),
                .linkedFramework("CoreFoundation", .when(platforms: [.macOS, .iOS])),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

#if os(Linux)
    // The sandbox, for tests: a second library in Rust. Two static ones do not go into one program, so there is none for
    // Apple's platforms.
    package.products.append(.library(name: "IcePanelInvitesTesting", targets: ["IcePanelInvitesTesting"]))
    package.targets += [
        .systemLibrary(name: "CIcePanelSandbox"),
        .target(name: "IcePanelSandboxFFI", dependencies: ["CIcePanelSandbox"]),
        .target(name: "IcePanelInvitesTesting", dependencies: ["IcePanelInvites", "IcePanelSandboxFFI"]),
    ]
#endif

// swift-tools-version: 6.2
import PackageDescription

#if arch(x86_64)
  let architecture = "x86_64"
#elseif arch(arm64)
  let architecture = "aarch64"
#else
  #error("swinit is built on x86-64 and arm64 hosts")
#endif

/// Where Debian's and Ubuntu's `musl-dev` puts the C library; `.ci/release` has it for other
/// architectures too.
let sysroot = Context.environment["MUSL_SYSROOT"] ?? ""
let triplet = Context.environment["MUSL_TRIPLET"] ?? "\(architecture)-linux-musl"
let muslHeaders = "\(sysroot)/usr/include/\(triplet)"
let muslLibraries = "\(sysroot)/usr/lib/\(triplet)"

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// As flags, not as `.enableExperimentalFeature`: the package manager would hand the feature to the
// linking of debug builds too, whatever the condition, and they would lack the Swift runtime.
let embedded = ["-enable-experimental-feature", "Embedded"]

/// Which sections are linked, and in what order.
let layout = Context.packageDirectory + "/Sources/CLinux/layout.ld"

/// The policy and its tests are optimized in debug builds too: the simulation and the exploration
/// then take a twelfth of the time. Assertions of the policy stay on.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let asserting: [SwiftSetting] = [
  .unsafeFlags(["-assert-config", "Debug"], .when(configuration: .debug))
]

/// What ships is Embedded Swift in release; debug, and so the tests, are ordinary Swift.
let shipped: [SwiftSetting] =
  strict + [
    .treatWarning("EmbeddedRestrictions", as: .error),
    .unsafeFlags(
      embedded + [
        // Each figure is what the x86-64 musl binary grows by without the flag.
        "-Osize",  // 13,168 bytes (with -O)
        // For the build with glibc; the link-time optimization has its own.
        "-Xfrontend", "-function-sections",
        // No debugger and no profiler walks the stack of a stripped program: 912 bytes.
        "-Xcc", "-Xclang", "-Xcc", "-mframe-pointer=none",
        // All writes to memory are bounds-checked: 928 bytes.
        "-Xfrontend", "-disable-stack-protector",
      ],
      .when(configuration: .release)),
    .unsafeFlags(
      [
        "-Xcc", "-isystem", "-Xcc", muslHeaders,
        // Bitcode in place of objects: the linker optimizes all modules and the C as one program, for the
        // addresses where it will be: 4,176 bytes, of which the C 624. `-lto` alone would give the files
        // names that the package manager doesn't look for.
        "-Xfrontend", "-lto=llvm-full", "-Xfrontend", "-emit-bc",
      ],
      .when(configuration: .release, traits: ["Musl"])),
  ]

/// The same for C.
let shippedC: [CSetting] = [
  .unsafeFlags(["-Wall", "-Wextra", "-Werror", "-Wno-nullability-completeness"]),
  .unsafeFlags(
    ["-Oz", "-ffunction-sections"],  // 16 bytes (with -Os); for the build with glibc
    .when(configuration: .release)),
  .unsafeFlags(
    ["-flto", "-isystem", muslHeaders], .when(configuration: .release, traits: ["Musl"])),
]

let package = Package(
  name: "swinit",
  products: [.executable(name: "swinit", targets: ["swinit"])],
  traits: [
    .trait(name: "Musl", description: "Link the release build with musl, of Debian's musl-dev.")
  ],
  targets: [
    .target(name: "CLinux", exclude: ["layout.ld"], cSettings: shippedC),
    .target(name: "Supervision", swiftSettings: shipped + optimized + asserting),
    .executableTarget(
      name: "swinit",
      dependencies: ["CLinux", "Supervision"],
      exclude: ["swinit.1"],
      swiftSettings: shipped,
      linkerSettings: [
        // The debug product carries its own standard library: it runs wherever the tests put it.
        .unsafeFlags(["-static-stdlib"], .when(configuration: .debug)),
        .unsafeFlags(
          embedded + [
            "-Xclang-linker", "-static", "-Xclang-linker", "-Wno-unused-command-line-argument",
          ], .when(configuration: .release)),
        .unsafeFlags(
          [
            "-use-ld=lld", "-Xclang-linker", "-nostdlib", "\(muslLibraries)/crt1.o",
            "\(muslLibraries)/crti.o", "\(muslLibraries)/libc.a", "\(muslLibraries)/crtn.o",
            // A literal may share the end of another: 272 bytes.
            "-Xlinker", "-O2",
            // Comparisons in place of small tables of addresses, eight bytes an entry: 288 bytes, and 432
            // with none in place of the large ones. Sequences that occur several times become functions:
            // 656 bytes.
            "-Xlinker", "-mllvm", "-Xlinker", "-min-jump-table-entries=16",
            "-Xlinker", "-mllvm", "-Xlinker", "-enable-machine-outliner=always",
            // The layout has no place for pages that become read-only at run time.
            "-Xlinker", "-z", "-Xlinker", "norelro",
            "-Xlinker", "-T", "-Xlinker", layout,  // 20,280 bytes, and 16 kB of memory
            "-Xlinker", "-s",  // 561,640 bytes
            "-Xlinker", "--build-id=none",  // 112 bytes
          ],
          .when(configuration: .release, traits: ["Musl"])),
      ]),
    .systemLibrary(name: "CProbe", path: "Tests/Support/CProbe"),
    .executableTarget(
      name: "Probe",
      dependencies: ["CProbe"],
      path: "Tests/Support/Probe",
      swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-static-stdlib"])]),
    .executableTarget(
      name: "Completions",
      dependencies: ["Supervision"],
      path: "Tests/Support/Completions",
      swiftSettings: strict),
    .testTarget(
      name: "SupervisionTests", dependencies: ["Supervision"],
      swiftSettings: strict + optimized),
    .target(name: "CHeaders", path: "Tests/Support/CHeaders"),
    .testTarget(
      name: "ABITests", dependencies: ["Supervision", "CLinux", "CHeaders"],
      swiftSettings: strict),
    .systemLibrary(name: "CBenchmarks", path: "Tests/Support/CBenchmarks"),
    .executableTarget(
      name: "Benchmarks", dependencies: ["CBenchmarks", "Pages"], path: "Tests/Benchmarks",
      exclude: ["Programs", "chart.py"], swiftSettings: strict),
    .target(name: "Pages", path: "Tests/Support/Pages", swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Pages"], path: "Tests/Support/TestSupport",
      swiftSettings: strict),
    .testTarget(name: "IntegrationTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(name: "StressTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ComparisonTests", dependencies: ["Pages", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ReleaseTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "KernelTests", dependencies: ["Pages", "TestSupport"], exclude: ["Workers"],
      swiftSettings: strict),
    .testTarget(name: "FaultInjectionTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "EngineTests", dependencies: ["Pages", "TestSupport"], swiftSettings: strict),
  ]
)

import Foundation
import Glibc

/// The binary under test: `SWINIT`, or the debug product beside the tests.
package enum Swinit {
  package static let path: String = {
    if let named = ProcessInfo.processInfo.environment["SWINIT"], !named.isEmpty {
      return URL(fileURLWithPath: named).resolvingSymlinksInPath().path
    }
    return product("swinit")
  }()

  /// Whether it is the released build: static, and without glibc.
  package static let isMusl: Bool = {
    guard let bytes = FileManager.default.contents(atPath: path) else { return false }
    return bytes.range(of: Data("ld-linux".utf8)) == nil
      && bytes.range(of: Data("GLIBC_".utf8)) == nil && bytes.starts(with: Data("\u{7f}ELF".utf8))
  }()
}

/// The probe, which is always the debug product.
package let probe = product("Probe")

/// The program that writes shell completions, always the debug product.
package let completions = product("Completions")

/// A product of this package, in the directory of the tests.
private func product(_ name: String) -> String {
  URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent(name).path
}

/// Whether a test fails rather than being skipped when a need is not met.
package let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

package let isRoot = geteuid() == 0

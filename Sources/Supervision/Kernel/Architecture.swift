/// The architecture that a program is built for, by its number in the program's header; see elf(5).
public struct Architecture: RawRepresentable, Hashable, Sendable {
  /// The number. The corresponding C constants begin with `EM_`.
  public let rawValue: UInt16
  /// An architecture from its number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The name that `uname -m` prints, nil for an architecture that Linux seldom runs on.
  var name: Text? {
    switch rawValue {
    case 3: "i386"
    case 8: "mips"
    case 20: "ppc"
    case 21: "ppc64"
    case 22: "s390x"
    case 40: "arm"
    case 62: "x86_64"
    case 183: "aarch64"
    case 243: "riscv64"
    case 258: "loongarch64"
    default: nil
    }
  }

  /// Whether a machine with this name, as `uname -m` prints it, is of the architecture: then
  /// something else is wrong with the program.
  public func isSame(asMachine machine: Text) -> Bool {
    name.map { machine.hasPrefix($0) } ?? false
  }
}

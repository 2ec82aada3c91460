import CLinux
import Supervision

/// The entry point: SwiftPM links the executable with `main` defined as this symbol.
@c(swinit_main)
func enter(
  argumentCount: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  return Int32(ExitStatus(rawValue: 125).rawValue)
}

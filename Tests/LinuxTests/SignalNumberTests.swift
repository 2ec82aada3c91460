import CLinux
import Supervision
import Testing

@Test("the signals that swinit names have the numbers of the C headers")
func signalNumbers() {
  #expect(Signal.terminate.rawValue == SIGTERM)
}

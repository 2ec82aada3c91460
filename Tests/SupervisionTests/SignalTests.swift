import Supervision
import Testing

@Test("a signal's name is read with and without SIG")
func signalNames() {
  #expect(Signal(Text("SIGTERM")) == .terminate)
  #expect(Signal(Text("TERM")) == .terminate)
}

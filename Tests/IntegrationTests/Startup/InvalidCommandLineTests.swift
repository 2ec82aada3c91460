import TestSupport
import Testing

@Suite("Invalid command lines", .mostlyWaits) struct InvalidCommandLineTests {
  @Test(
    "A usage error obeys --log-format and SWINIT_LOG_FORMAT",
    arguments: [
      (["--log-format=json", "-k", "x", "true"], []),
      (["-k", "x", "true"], ["SWINIT_LOG_FORMAT=json"]),
    ] as [([String], [String])])
  func isAnObject(arguments: [String], variables: [String]) throws {
    let run = try Run(
      [Swinit.path] + arguments, environment: ["PATH=\(searchPath)"] + variables)
    let outcome = try run.outcome()
    #expect(outcome.ending == .exited(125))
    let fields = #""event":"usage_error","value":"x","option":"-k"}"# + "\n"
    #expect(outcome.errors.hasPrefix(#"{"time":"2"#))
    #expect(outcome.errors.hasSuffix(fields))
    #expect(outcome.errors.contains(#","msg":"invalid value 'x' for '-k': expected a duration"#))
  }
}

import Testing
import Foundation
@Test func a() { print(CommandLine.arguments, ProcessInfo.processInfo.environment["PWD"] ?? "") }

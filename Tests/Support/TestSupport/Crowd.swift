/// The beginning of a Python program that has this number of idle children. Each has a page of stack,
/// and shares all other memory.
package func crowdScript(_ count: Int) -> String {
  """
  import ctypes, os, signal, sys
  libc = ctypes.CDLL(None)
  libc.mmap.restype = ctypes.c_void_p
  libc.clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
  CLONE_VM = 0x100
  stacks = libc.mmap(None, ctypes.c_size_t(\(count) * 4096), 3, 0x22, -1, ctypes.c_size_t(0))
  for number in range(1, \(count) + 1):
    top = stacks + number * 4096
    if libc.clone(libc.pause, top, CLONE_VM | signal.SIGCHLD, None) < 0: sys.exit(1)
  """
}

// A command of a few instructions, so that the measured time is the init's.
__attribute__((noreturn)) void _start(void) {
#if defined(__x86_64__)
  __asm__ volatile("xor %edi, %edi; mov $231, %eax; syscall");  // exit_group
#elif defined(__aarch64__)
  __asm__ volatile("mov x0, #0; mov x8, #94; svc #0");  // exit_group
#else
#error "which way out?"
#endif
  __builtin_unreachable();
}

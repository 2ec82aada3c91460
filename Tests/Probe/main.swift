import CLinux
print("ready")

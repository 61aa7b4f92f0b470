#!/bin/busybox sh
# The first process of the machine: kernel modules, device nodes, then the programs named on the kernel's line.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /run/udev
mount -t tmpfs run /run
while read -r module; do
  insmod "/modules/$module" || echo "NO MODULE $module"
done < /modules/order
mount -t configfs config /sys/kernel/config
# Fills the data base that names makers and serial numbers, which `udevadm` and so serialport reads.
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle --timeout=20
cd /app
for program in $(sed -n 's/.*programs=\([a-z,]*\).*/\1/p' /proc/cmdline | tr , ' '); do
  /bin/node "$program.cjs"
  echo "EXIT $program $?"
done
poweroff -f

#include "children/system_calls.hpp"

#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace kinora {

namespace {

// Calls that no decoder and no model needs, and that reach beyond the process.
constexpr std::array denied = {
    // other processes
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(kcmp),
    SCMP_SYS(setsid),
    SCMP_SYS(setpgid),
    // shared memory and queues of the whole machine
    SCMP_SYS(shmget),
    SCMP_SYS(shmat),
    SCMP_SYS(msgget),
    SCMP_SYS(semget),
    SCMP_SYS(mq_open),
    // views of the machine
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(quotactl),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(syslog),
    // the kernel's wide doors
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(reboot),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(vhangup),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(personality),
};

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW), seccomp_release), code_(context_ ? 0 : -ENOMEM) {}

  void deny(int call, int error = EPERM) {
    keep(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(std::uint16_t(error)), call, 0));
  }
  void deny_where(int call, scmp_arg_cmp argument) {
    keep(seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(EPERM), call, 1, &argument));
  }
  int load() {
    if (code_ == 0) code_ = seccomp_load(context_.get());
    return code_;
  }

 private:
  void keep(int code) {
    if (code_ == 0) code_ = code;
  }

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
  int code_;
};

constexpr scmp_arg_cmp argument_is_not(unsigned at, std::uint64_t value) { return {at, SCMP_CMP_NE, value, 0}; }
constexpr scmp_arg_cmp argument_lacks(unsigned at, std::uint64_t bit) { return {at, SCMP_CMP_MASKED_EQ, bit, 0}; }

void deny_processes(Filter& filter) {
  filter.deny(SCMP_SYS(clone3), ENOSYS);  // its flags lie in memory, out of a filter's sight; glibc then uses clone
  filter.deny_where(SCMP_SYS(clone), argument_lacks(0, CLONE_THREAD));
  filter.deny_where(SCMP_SYS(tgkill), argument_is_not(0, static_cast<std::uint64_t>(::getpid())));  // abort() signals itself
}

void deny_sockets(Filter& filter, Sockets sockets) {
  filter.deny(SCMP_SYS(connect));
  if (sockets == Sockets::none) {
    filter.deny(SCMP_SYS(socket));
    filter.deny(SCMP_SYS(socketpair));
  } else {
    filter.deny_where(SCMP_SYS(socket), argument_is_not(0, AF_UNIX));
  }
}

}  // namespace

Result<void> restrict_system_calls(Sockets sockets) {
  Filter filter;
  for (const int call : denied) filter.deny(call);
  deny_processes(filter);
  deny_sockets(filter, sockets);
  if (const int code = filter.load(); code != 0)
    return fail(ErrorKind::unavailable, std::string("seccomp: ") + std::strerror(-code));
  return {};
}

}  // namespace kinora

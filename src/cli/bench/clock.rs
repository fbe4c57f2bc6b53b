//! Time and memory of this process, as the system counts them.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Processor time of all threads so far, user and system; `None` where the system does not tell.
pub(super) fn process_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        cpu_time(rustix::time::ClockId::ProcessCPUTime)
    }
    #[cfg(not(unix))]
    None
}

/// Processor time of this thread so far: what its work costs, whoever else is busy on the machine. Elsewhere than on Unix, the time
/// of day serves.
pub(super) fn thread_time() -> Duration {
    #[cfg(unix)]
    if let Some(time) = cpu_time(rustix::time::ClockId::ThreadCPUTime) {
        return time;
    }
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

#[cfg(unix)]
fn cpu_time(clock: rustix::time::ClockId) -> Option<Duration> {
    let time = rustix::time::clock_gettime(clock);
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
}

/// The most memory that the process ever held, in bytes; `None` elsewhere than on Linux.
pub(super) fn peak_memory() -> Option<u64> {
    high_water_mark(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// VmHWM of proc(5), in bytes.
fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_bytes() {
        let status = "Name:\tcertpress\nVmPeak:\t  9 kB\nVmHWM:\t  145208 kB\nThreads:\t3\n";
        assert_eq!(high_water_mark(status), Some(145_208 * 1024));
        assert_eq!(high_water_mark("Name:\tcertpress\n"), None);
    }

    #[test]
    fn a_threads_time_goes_forward_with_its_work() {
        let (before, mut sum) = (thread_time(), 0_u64);
        while thread_time() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(thread_time() > before);
    }

    #[cfg(unix)]
    #[test]
    fn a_sleeping_thread_costs_nothing() {
        let before = thread_time();
        std::thread::sleep(Duration::from_millis(50));
        assert!(thread_time() - before < Duration::from_millis(40));
    }
}

//! Time and memory of this process, as the system counts them.

use std::time::Duration;

/// Processor time of all threads so far, user and system; `None` where the system does not tell.
pub(super) fn cpu_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
    }
    #[cfg(not(unix))]
    None
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

    #[cfg(unix)]
    #[test]
    fn processor_time_goes_forward_with_work() {
        let before = cpu_time().unwrap();
        let mut sum = 0_u64;
        while cpu_time().unwrap() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu_time().unwrap() > before);
    }
}

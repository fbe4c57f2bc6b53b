//! Whether a certificate costs the same from the first hundred to a hundred thousand, and memory stays where it was.
//!
//!     cargo bench --bench soak [-- MOST]        the largest batch; 100,000 if not given
//!
//! Batches of 100, 1,000 … records with photographs are read, rendered some at a time to memory on all threads as sealed pairs, and dropped,
//! as `certpress render` does but for the disk. Prints for each the processor time of a pair and the most memory the process ever held.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use certpress::page::Timestamp;
use certpress::record::{self, ImageRoot, Record};
use certpress::{Fonts, Layout, Press, RenderOptions, Sealer};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Records rendered together, as a batch does.
const CHUNK: usize = 8;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let most = std::env::args().skip(1).find_map(|arg| arg.parse::<u64>().ok()).unwrap_or(100_000);
    let root = Path::new(ROOT);
    let fonts = Arc::new(Fonts::open(&root.join("fonts"))?);
    let layout = Layout::open(root.join("layouts/title-senior.xml"))?;
    let press = layout.compile(&fonts)?.with_seal(Sealer::demo()?)?;
    let options = RenderOptions {
        time: Some(Timestamp::now()),
        image_root: Some(ImageRoot::open(root.join("examples"))?),
        ..RenderOptions::default()
    };
    println!("{:>9} {:>12} {:>10} {:>12}", "records", "us of a pair", "pairs/s", "peak memory");
    let sizes = std::iter::successors(Some(100), |size| Some(size * 10)).take_while(|size| *size <= most);
    for size in sizes {
        let (cpu, start) = (process_time(), Instant::now());
        let pairs = render(&press, &options, size)?;
        let (cpu, elapsed) = (process_time() - cpu, start.elapsed());
        println!(
            "{pairs:>9} {:>12.1} {:>10.0} {:>9} MB",
            cpu.as_secs_f64() * 1e6 / pairs as f64,
            pairs as f64 / elapsed.as_secs_f64(),
            peak_memory() / 1_000_000,
        );
    }
    Ok(())
}

/// Renders `count` records, the sample file's over and over, and counts those that had no mistake.
fn render(press: &Press, options: &RenderOptions, count: u64) -> Result<u64, Failure> {
    let file = Path::new(ROOT).join("examples/title-senior.csv");
    let open = || record::open(&file).into_iter().flatten().filter_map(Result::ok);
    let records = Mutex::new(std::iter::repeat_with(open).flatten().take(count as usize));
    let next = || {
        let chunk: Vec<Record> = records.lock().ok()?.by_ref().take(CHUNK).collect();
        (!chunk.is_empty()).then_some(chunk)
    };
    let rendered = |chunk: Vec<Record>| {
        let certificates = press.render_all(&chunk, options).into_iter().map(std::hint::black_box);
        certificates.filter(Result::is_ok).count() as u64
    };
    let work = || std::iter::from_fn(next).map(rendered).sum::<u64>();
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let counts = workers.into_iter().map(|worker| worker.join().map_err(|_| "a thread panicked".into()));
        counts.sum()
    })
}

/// Processor time of all threads so far; zero where the system does not tell.
fn process_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

/// VmHWM of proc(5) in bytes; zero elsewhere than on Linux.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}

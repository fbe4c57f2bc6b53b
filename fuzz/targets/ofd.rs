#![no_main]
certpress_fuzz::target!(ofd);
libfuzzer_sys::fuzz_mutator!(|bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
    certpress_fuzz::repack::mutate(&mut bytes[..max_size], size, seed)
});

//! SM2 and SM3 as the press uses them (`sm2`, `sm3`) beside the second implementation that the tests check them with
//! (`sm-crypto`).

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use certpress::crypto::sm2::{FastVerifyingKey, Nonce, SigningKey};
use certpress::crypto::sm3::{self, Message};

/// The private key of GB/T 32918.5, annex A.
const KEY: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const MESSAGE: &[u8] = b"message digest";

fn key() -> SigningKey {
    let byte = |i: usize| u8::from_str_radix(&KEY[2 * i..2 * i + 2], 16).expect("hexadecimal digits");
    SigningKey::from_bytes(&std::array::from_fn(byte)).expect("a key of the standard")
}

fn sign(c: &mut Criterion) {
    let key = key();
    let e = key.verifying_key().digest(MESSAGE);
    let other = sm_crypto::sm2::Sign::new(KEY);
    let mut group = c.benchmark_group("sm2 sign");
    group.bench_function("certpress hedged", |b| b.iter(|| key.sign_digest(black_box(&e), Nonce::Hedged)));
    group.bench_function("certpress deterministic", |b| {
        b.iter(|| key.sign_digest(black_box(&e), Nonce::Deterministic));
    });
    group.bench_function("sm-crypto", |b| b.iter(|| other.sign(black_box(&e), false)));
    group.finish();
}

fn verify(c: &mut Criterion) {
    let key = key();
    let public = key.verifying_key();
    let table = FastVerifyingKey::new(public);
    let e = public.digest(MESSAGE);
    let signature = key.sign_digest(&e, Nonce::Deterministic).expect("a good key");
    let der = signature.to_der();
    let point: String = public.to_sec1()[1..].iter().map(|b| format!("{b:02x}")).collect();
    let other = sm_crypto::sm2::Verify::new(&point);
    assert!(public.verify_digest(&e, &signature) && other.verify_der(&e, &der, false));
    let mut group = c.benchmark_group("sm2 verify");
    group.bench_function("certpress", |b| b.iter(|| public.verify_digest(black_box(&e), &signature)));
    group.bench_function("certpress, table of the key", |b| {
        b.iter(|| table.verify_digest(black_box(&e), &signature));
    });
    group.bench_function("sm-crypto", |b| b.iter(|| other.verify_der(black_box(&e), &der, false)));
    group.finish();
}

fn digest(c: &mut Criterion) {
    let data = vec![0x5a; 100_000];
    let mut group = c.benchmark_group("sm3");
    group.throughput(Throughput::Bytes(data.len() as u64));
    group.bench_function(BenchmarkId::new("certpress", data.len()), |b| {
        b.iter(|| sm3::digest(black_box(&data)))
    });
    let messages: Vec<Message> = data.chunks(data.len() / 32).map(Message::new).collect();
    group.bench_function(BenchmarkId::new("certpress, 32 messages side by side", data.len()), |b| {
        b.iter(|| sm3::digest_all(black_box(&messages)));
    });
    group.bench_function(BenchmarkId::new("sm-crypto", data.len()), |b| {
        b.iter(|| sm_crypto::sm3::sm3_hash_raw(black_box(&data)));
    });
    group.finish();
}

criterion_group!(benches, sign, verify, digest);
criterion_main!(benches);

//! The parts that a certificate is made of: subset fonts, and QR marks beside the crate that encodes them.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

use certpress::Fonts;
use certpress::mark::{Level, qr, read};
use certpress::text::SubsetBuilder;
use certpress::unit::Length;

/// Words of a certificate; the first N different characters of them are subset.
const WORDS: &str = "经样例省工程系列高级职称评审委员会通过二〇六年三月五日批准具备水利电建筑专业正师资格特发此证姓名性别男女身份\
    号码作单位测绘院有限责任公司编机关人力源和社保障厅电子照标识扫描维查验书注备一四七八九十百千万";

/// What a mark says: an address with an identifier, as the title certificates have it, and one of about 150 bytes.
const CONTENTS: [&str; 2] = [
    "https://verify.example.org/c/1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2",
    "https://verify.example.org/c/1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2\
     ?t=012345678901234567890123456789012345678901234567",
];

fn subsets(c: &mut Criterion) {
    let fonts = Fonts::open(Path::new("fonts")).expect("the faces are there");
    let id = fonts.find("kai").expect("a face of the register");
    let face = fonts.face(id);
    let mut seen = BTreeSet::new();
    let characters: Vec<char> = WORDS.chars().filter(|c| face.covers(*c) && seen.insert(*c)).collect();
    let mut group = c.benchmark_group("subset");
    for n in [25, 50, 100] {
        let characters = &characters[..n.min(characters.len())];
        group.bench_with_input(BenchmarkId::from_parameter(n), characters, |b, characters| {
            b.iter(|| {
                let mut subset = SubsetBuilder::new(id);
                for c in characters {
                    let glyph = face.glyph(*c).expect("it covers the character");
                    subset.add(glyph, c.encode_utf8(&mut [0; 4]));
                }
                subset.build(&fonts)
            });
        });
    }
    group.finish();
}

fn marks(c: &mut Criterion) {
    let mut group = c.benchmark_group("qr");
    for content in CONTENTS {
        let bytes = content.len();
        group.bench_with_input(BenchmarkId::new("certpress", bytes), content, |b, content| {
            b.iter(|| qr(black_box(content), Level::Q, Length::mm(40.0)).expect("it fits"));
        });
        // What of it goes into reading the finished symbol back.
        let mark = qr(content, Level::Q, Length::mm(40.0)).expect("it fits");
        group.bench_with_input(BenchmarkId::new("read", bytes), mark.figure.rows(), |b, rows| {
            b.iter(|| read::from_rows(black_box(rows)).expect("it was just made"));
        });
        // The crate alone, which tries the masks module by module.
        group.bench_with_input(BenchmarkId::new("qrcode", bytes), content, |b, content| {
            b.iter(|| qrcode::QrCode::with_error_correction_level(black_box(content), qrcode::EcLevel::Q));
        });
    }
    group.finish();
}

criterion_group!(benches, subsets, marks);
criterion_main!(benches);

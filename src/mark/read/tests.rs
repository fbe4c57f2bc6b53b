//! Marks of two encoders, whole and damaged, and what is no mark.

use proptest::prelude::*;

use super::*;
use crate::geom::{Affine, Point, Segment};
use crate::mark::{Mark, qr};
use crate::unit::Length;

const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

const ADDRESS: &str =
    "https://zs.example.gov.cn/v?i=1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2";

fn mark(content: &str, level: Level) -> Mark {
    qr(content, level, Length::mm(60.0)).unwrap()
}

/// A symbol of the `qrcode` crate as it makes it alone, with its own choice of the mask.
fn of_the_crate(content: &[u8], version: i16, level: Level) -> Option<Vec<u128>> {
    let version = qrcode::Version::Normal(version);
    let code = qrcode::QrCode::with_version(content, version, level.into()).ok()?;
    let colors = code.to_colors();
    let row = |row: &[qrcode::Color]| {
        row.iter().rev().fold(0, |word, &color| word << 1 | u128::from(color == qrcode::Color::Dark))
    };
    Some(colors.chunks(code.width()).map(row).collect())
}

/// Turns `wrong` codewords of each block into others; `seed` chooses which, and into what.
fn damage(mark: &Mark, level: Level, wrong: impl Fn(usize) -> usize, mut seed: u64) -> Vec<u128> {
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let plan = Plan::of_side(mark.modules).unwrap();
    let blocks = Blocks::new(plan.places.len(), mark.version, level);
    let mut rows = mark.figure.rows().to_vec();
    for b in 0..blocks.count {
        let mut places: Vec<usize> = blocks.places(b).collect();
        for _ in 0..wrong(blocks.correctable(mark.version, level)) {
            let codeword = places.swap_remove(random(places.len()));
            let flips = 1 + random(255);
            for (bit, &(x, y)) in plan.places[codeword].iter().enumerate() {
                rows[usize::from(y)] ^= u128::from(flips >> bit & 1 == 1) << x;
            }
        }
    }
    rows
}

#[test]
fn every_version_and_level_of_another_encoder_is_read() {
    for version in 1..=LARGEST_VERSION as i16 {
        for level in LEVELS {
            let rows = of_the_crate(b"A1", version, level).unwrap();
            let reading = from_rows(&rows).unwrap();
            let found =
                (reading.content.as_str(), i16::from(reading.version), reading.level, reading.corrected);
            assert_eq!(found, ("A1", version, level, 0));
        }
    }
}

#[test]
fn all_masks_occur_and_are_told() {
    let mut seen = [false; 8];
    for n in 0..200 {
        seen[usize::from(from_rows(mark(&format!("no. {n}"), Level::M).figure.rows()).unwrap().mask)] = true;
    }
    assert_eq!(seen, [true; 8]);
}

#[test]
fn a_full_symbol_without_room_for_a_terminator_is_read() {
    // Version 1-M holds 34 digits: 4 + 10 + 114 = 128 bits, all there are.
    let digits = "0123456789012345678901234567890123";
    assert_eq!(from_rows(mark(digits, Level::M).figure.rows()).unwrap().content, digits);
}

#[test]
fn kanji_mode_is_refused_by_name() {
    // The crate takes bytes that look like Shift-JIS for kanji.
    let rows = of_the_crate(b"\x93\x5f\x93\x5f\x93\x5f\x93\x5f", 2, Level::M).unwrap();
    assert_eq!(from_rows(&rows), Err(ReadError::Unsupported("kanji mode".into())));
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    let rows = of_the_crate(b"caf\xe9", 1, Level::M).unwrap();
    assert_eq!(from_rows(&rows), Err(ReadError::Malformed("the text is not UTF-8")));
}

#[test]
fn malformed_segments_are_refused() {
    // Mode, length, value; as bits.
    let cases = [
        ("0001 0000000011 1111101000", "a number is greater than its digits allow"),
        ("0001 0000000001 1010", "a number is greater than its digits allow"),
        ("0010 000000010 11111101001", "a character is beyond the alphanumeric set"),
        ("0010 000000001 101101", "a character is beyond the alphanumeric set"),
        ("0100 11111111 01000001", "a segment is longer than the symbol"),
        ("0111 111", "an ECI designator has no such form"),
    ];
    for (bits, complaint) in cases {
        assert_eq!(segments::content(&bytes(bits), 1), Err(ReadError::Malformed(complaint)), "{bits}");
    }
    let unsupported = [
        ("0011", "structured append"),
        ("0101", "FNC1"),
        ("1001", "FNC1"),
        ("1111", "an unknown mode"),
        ("0111 00000011", "the character set of ECI 3"),
        ("0111 1000000010000000", "the character set of ECI 128"),
        ("0111 110000001000000000000000", "the character set of ECI 32768"),
    ];
    for (bits, name) in unsupported {
        let refused = ReadError::Unsupported(name.to_owned());
        assert_eq!(segments::content(&bytes(bits), 1), Err(refused), "{bits}");
    }
}

/// The bytes of a string of bits, filled up with zeros.
fn bytes(bits: &str) -> Vec<u8> {
    let bits: Vec<u8> = bits.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
    bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |sum, (i, bit)| sum | bit << (7 - i))).collect()
}

#[test]
fn either_copy_of_the_format_may_be_lost() {
    let whole = mark(ADDRESS, Level::Q);
    let side = whole.modules;
    let mut rows = whole.figure.rows().to_vec();
    // The copy along the sides is erased, and three bits of the one around the corner are wrong.
    rows[8] &= !(0xff << (side - 8));
    rows[side - 7..].iter_mut().for_each(|row| *row &= !(1 << 8));
    rows[8] ^= 0b111;
    let reading = from_rows(&rows).unwrap();
    assert_eq!((reading.content.as_str(), reading.level), (ADDRESS, Level::Q));
    // One more is one too many, or the format of another level or mask.
    rows[0] ^= 1 << 8;
    assert!(from_rows(&rows).is_err());
}

#[test]
fn a_version_that_contradicts_the_size_is_refused() {
    let whole = mark(ADDRESS, Level::Q);
    let mut rows = whole.figure.rows().to_vec();
    let near = whole.modules - 11;
    rows[..6].iter_mut().for_each(|row| *row ^= 0b111 << near);
    assert!(from_rows(&rows).is_ok(), "the other copy still says it");
    rows[near..near + 3].iter_mut().for_each(|row| *row ^= 0b111111);
    assert_eq!(from_rows(&rows), Err(ReadError::Version(whole.version)));
}

#[test]
fn a_turned_or_mirrored_symbol_is_no_mark() {
    let mark = mark(ADDRESS, Level::M);
    let rows = mark.figure.rows();
    let side = rows.len();
    let upside_down: Vec<u128> = rows.iter().rev().copied().collect();
    assert_eq!(from_rows(&upside_down), Err(ReadError::NoFinder("top right")));
    let mirrored: Vec<u128> = rows.iter().map(|row| row.reverse_bits() >> (128 - side)).collect();
    assert_eq!(from_rows(&mirrored), Err(ReadError::NoFinder("bottom left")));
}

#[test]
fn only_sides_of_versions_1_to_27_are_marks() {
    for side in (0..=200).filter(|side| !(21..=125).contains(side) || side % 4 != 1) {
        assert_eq!(from_rows(&vec![0; side]), Err(ReadError::Size(side)));
    }
}

#[test]
fn a_block_wrong_in_one_codeword_too_many_is_refused() {
    for level in [Level::Q, Level::H] {
        let whole = mark(&ADDRESS.repeat(3), level);
        for seed in 0..20 {
            let rows = damage(&whole, level, |correctable| correctable + 1, seed);
            assert!(matches!(from_rows(&rows), Err(ReadError::Damaged { block: 1, .. })), "{level} {seed}");
        }
    }
}

#[test]
fn the_outline_of_a_mark_is_read_wherever_it_stands() {
    let whole = mark(ADDRESS, Level::Q);
    for (x, y) in [(0.0, 0.0), (28.0, 232.0), (-3.1234, 0.0007)] {
        let path = whole.figure.path().transform(&Affine::shift(Length::mm(x), Length::mm(y)));
        assert_eq!(from_path(&path).unwrap().content, ADDRESS);
    }
    // Coordinates as another writer may round them: to a hundredth of a point.
    let rounded = whole.figure.path().snap(Length::pt(0.01));
    assert_eq!(from_path(&rounded).unwrap().content, ADDRESS);
}

#[test]
fn a_mark_of_single_squares_is_read() {
    let whole = mark(ADDRESS, Level::M);
    let dark = |x: &usize, y: usize| whole.figure.rows()[y] >> x & 1 == 1;
    let segments = (0..whole.modules).flat_map(|y| {
        let squares = (0..whole.modules).filter(move |x| dark(x, y));
        squares.flat_map(move |x| {
            Path::rect(crate::geom::Rect::mm(x as f64 * 0.4, y as f64 * 0.4, 0.4, 0.4)).segments
        })
    });
    assert_eq!(from_path(&Path { segments: segments.collect() }).unwrap().content, ADDRESS);
}

#[test]
fn outlines_that_are_no_marks_say_why() {
    let p = |x: f64, y: f64| Point::new(Length::mm(x), Length::mm(y));
    let whole = mark(ADDRESS, Level::Q).figure.path();
    let with = |more: Path| Path { segments: whole.segments.iter().chain(&more.segments).copied().collect() };
    let module = mark(ADDRESS, Level::Q).module;
    let corner = whole.bounds().unwrap().origin();
    let finder = crate::geom::Rect::new(corner.x, corner.y, module * 7, module * 7);
    let off_grid = crate::geom::Rect::new(corner.x + module / 2, corner.y + module, module, module);
    let cases = [
        (Path::default(), "the path is empty"),
        (Path::line(p(0.0, 0.0), p(1.0, 1.0)), "an edge is slanted"),
        (Path::ellipse(crate::geom::Rect::mm(0.0, 0.0, 9.0, 9.0)), "an edge is curved"),
        (Path::line(p(0.0, 0.0), p(9.0, 0.0)), "the path is not square"),
        (with(Path::rect(finder)), "parts of the path lie on each other"),
        (with(Path::rect(off_grid)), "a corner stands off the grid"),
        (Path { segments: vec![Segment::Close; 100_000] }, "the path has more steps than a mark"),
    ];
    for (path, why) in cases {
        assert_eq!(from_path(&path), Err(ReadError::NotModules(why)));
    }
    assert_eq!(from_path(&Path::rect(crate::geom::Rect::mm(0.0, 0.0, 9.0, 9.0))), Err(ReadError::Size(1)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_content_is_read_back(content in "[0-9]{0,40}[A-Z $%*+./:-]{0,40}\\PC{1,80}", level in 0usize..4) {
        let mark = mark(&content, LEVELS[level]);
        let reading = from_rows(mark.figure.rows()).unwrap();
        prop_assert_eq!(&reading.content, &content);
        prop_assert_eq!((reading.version, reading.level, reading.corrected), (mark.version, LEVELS[level], 0));
        prop_assert_eq!(from_path(&mark.figure.path()), Ok(reading));
    }

    #[test]
    fn damage_within_the_budget_is_corrected(
        content in "[0-9a-z]{1,300}", level in 0usize..4, share in 0.0..=1.0f64, seed: u64,
    ) {
        let whole = mark(&content, LEVELS[level]);
        let wrong = |correctable: usize| (correctable as f64 * share).round() as usize;
        let reading = from_rows(&damage(&whole, LEVELS[level], wrong, seed)).unwrap();
        prop_assert_eq!(reading.content, content);
        let plan = Plan::of_side(whole.modules).unwrap();
        let blocks = Blocks::new(plan.places.len(), whole.version, LEVELS[level]);
        let correctable = blocks.correctable(whole.version, LEVELS[level]);
        prop_assert_eq!(reading.corrected, blocks.count * wrong(correctable));
    }

    #[test]
    fn damage_beyond_the_budget_is_never_taken_for_the_content(
        content in "[0-9a-z]{1,300}", level in 0usize..4, more in 1usize..4, seed: u64,
    ) {
        let whole = mark(&content, LEVELS[level]);
        let rows = damage(&whole, LEVELS[level], |correctable| correctable + more, seed);
        // So far from its own codeword, a small block may lie near another; but that is not the content.
        prop_assert_ne!(from_rows(&rows).ok().map(|reading| reading.content), Some(content));
    }

    #[test]
    fn any_grid_has_an_answer(rows in prop::collection::vec(any::<u128>(), 0..130)) {
        let _ = from_rows(&rows);
    }

    #[test]
    fn any_data_have_an_answer(data in prop::collection::vec(any::<u8>(), 0..200), version in 1u8..=27) {
        let _ = segments::content(&data, version);
    }
}

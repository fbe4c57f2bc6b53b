//! Conversions show what was sealed, and say that they are none; what is not as it was sealed is not converted.

use std::sync::LazyLock;

use certpress::Fonts;
use certpress::convert::{ConvertError, Original};
use certpress::crypto::sm3;
use certpress::geom::Rect;
use certpress::ofd::Base;
use certpress::ofd::read::{Limits, Package};
use certpress::page::{SealPlace, Timestamp};
use certpress::seal::{self, NewSeal, SealOptions, Sealer, seal_in_turn};
use certpress::verify::{Policy, seals};

use super::certificate;
use super::ofd_sample::{document, fonts, master};
use super::zip::{Entry, Zip};

static FONTS: LazyLock<Fonts> = LazyLock::new(fonts);

fn open(bytes: &[u8]) -> Result<Original, ConvertError> {
    Original::open(bytes, &Limits::default(), &FONTS)
}

/// A picture of 50 pixels an inch.
struct Pixels {
    width: usize,
    rgb: Vec<[u8; 3]>,
}

impl Pixels {
    fn of(png: &[u8]) -> Pixels {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        Pixels { width: info.width as usize, rgb: data.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect() }
    }

    /// How many pixels between these millimetres are `like` that.
    fn count(&self, x: [f64; 2], y: [f64; 2], like: fn(&[u8; 3]) -> bool) -> usize {
        let to = |mm: f64| (mm / 25.4 * 50.0) as usize;
        let rows = self.rgb.chunks_exact(self.width).skip(to(y[0])).take(to(y[1] - y[0]));
        rows.flat_map(|row| &row[to(x[0])..to(x[1])]).filter(|p| like(p)).count()
    }
}

#[test]
fn a_pdf_of_an_original_says_what_it_was_made_of() {
    let bytes = certificate::sealed();
    let pdf = open(&bytes).unwrap().to_pdf().unwrap();
    let text = String::from_utf8_lossy(&pdf);
    let digest: String = sm3::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    for said in [
        &format!("<cert:KZ_YJSM3>{digest}<"),
        "<cert:KZ_YJSHA256>",
        "<cert:KZ_BBXZ>转换件<",
        "<cert:ZZBS>1.2.156.3005.2.",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert_eq!(text.matches("cert:KZ_BBXZ>").count(), 2, "one standing: that of the conversion");
    assert!(!text.contains("ByteRange"), "a conversion is not sealed");
    assert_eq!(pdf, open(&bytes).unwrap().to_pdf().unwrap(), "the same original gives the same bytes");
}

#[test]
fn a_picture_of_an_original_shows_its_seal_and_the_note() {
    let png = open(&certificate::sealed()).unwrap().to_png(0, 50.0).unwrap();
    let picture = Pixels::of(&png);
    let red = picture.count([115.0, 170.0], [210.0, 265.0], |[r, g, b]| *r > 180 && *g < 120 && *b < 120);
    assert!(red > 500, "the seal: {red} pixels");
    let grey = picture.count([60.0, 150.0], [289.0, 296.0], |p| p.iter().all(|&v| v < 235));
    assert!(grey > 30, "the note: {grey} pixels");
    assert!(matches!(open(&certificate::sealed()).unwrap().to_png(1, 50.0), Err(ConvertError::Png(_))));
}

#[test]
fn several_seals_each_show_where_their_signature_says() {
    let dir = tempfile::tempdir().unwrap();
    let time = Timestamp::parse("2026-03-05T08:00:00Z").unwrap();
    seal::create(&NewSeal::new("样例评审委员会", time), &FONTS, dir.path(), "pw").unwrap();
    let second = Sealer::open(dir.path(), "pw").unwrap();
    let master = master(&FONTS);
    let mut document = document(&FONTS, &master, "张三");
    // The left half of a seal that rides over the edge of a white page of 210 mm.
    let place = SealPlace {
        role: 1,
        rect: Rect::mm(189.0, 100.0, 42.0, 42.0),
        clip: Some(Rect::mm(189.0, 100.0, 21.0, 42.0)),
    };
    document.pages[0].seals.push(place);
    let unsealed = Base::new(&master).unwrap().write(&document).unwrap();
    let options = SealOptions::at(time);
    let sealed = seal_in_turn(&Sealer::demo().unwrap(), &[second], Some(unsealed), None, &options).unwrap();
    let bytes = sealed.ofd.unwrap();
    let seals = seals(&Package::open(&bytes, &Limits::default()).unwrap(), &Policy::new(time)).unwrap();
    assert_eq!(seals[1].value.as_ref().unwrap().seal.name, "样例评审委员会证书专用章（测试）");

    let picture = Pixels::of(&open(&bytes).unwrap().to_png(0, 50.0).unwrap());
    let red = |x, y| picture.count(x, y, |[r, g, b]| *r > 180 && *g < 120 && *b < 120);
    assert!(red([130.0, 172.0], [225.0, 267.0]) > 500, "the first");
    assert!(red([189.0, 210.0], [100.0, 142.0]) > 200, "the second's left half");
}

#[test]
fn what_is_not_as_it_was_sealed_is_not_converted() {
    let mut parts = certificate::parts(&certificate::sealed());
    let zip = |parts: &certificate::Parts| {
        Zip::of(parts.iter().map(|(name, data)| Entry::deflated(name, data)).collect()).build()
    };
    assert!(open(&zip(&parts)).is_ok(), "another container of the same parts");
    let content = "Doc_0/Pages/Page_0/Content.xml";
    parts.get_mut(content).unwrap().push(b'\n');
    let Err(ConvertError::NotIntact(faults)) = open(&zip(&parts)) else { panic!("it was converted") };
    let [(signature, finding)] = &faults[..] else { panic!("{faults:?}") };
    let told = (signature.as_str(), finding.rule.id, finding.place.as_str());
    assert_eq!(told, ("Doc_0/Signs/Sign_0/Signature.xml", "ofd.reference.digest", content));
    let message = open(&zip(&parts)).unwrap_err().to_string();
    assert!(message.contains("ofd.reference.digest: Doc_0/Pages/Page_0/Content.xml"), "{message}");
}

#[test]
fn what_is_not_sealed_is_not_converted() {
    let error = open(&certificate::unsealed()).unwrap_err();
    assert!(matches!(error, ConvertError::NotSealed) && error.is_refusal(), "{error}");
    let error = open(b"%PDF-1.7").unwrap_err();
    assert!(matches!(error, ConvertError::Read(_)) && !error.is_refusal(), "{error}");
}

//! The reference of the layout language says what the parser says, and its pictures show what its examples make.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../examples/make_reference/reference.rs"]
mod reference;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use certpress::template::vocabulary::ELEMENTS;

/// What to do about any of these tests.
const HINT: &str = "run: cargo run --example make_reference";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language")
}

fn text() -> String {
    std::fs::read_to_string(folder().join("README.md")).unwrap()
}

#[test]
fn the_tables_are_those_of_the_parser_and_leave_out_no_element() {
    let text = text();
    assert!(reference::with_tables(&text) == text, "{HINT}");
    let marks =
        text.lines().filter_map(|line| line.strip_prefix("<!-- attributes of ")?.strip_suffix(" -->"));
    let described: BTreeSet<&str> = marks.flat_map(|elements| elements.split(' ')).collect();
    let elements: BTreeSet<&str> = ELEMENTS.iter().map(|spec| spec.name).collect();
    assert_eq!(described, elements);
}

#[test]
fn every_element_stands_in_an_example() {
    let text = text();
    let fenced: String = text.split("```").skip(1).step_by(2).collect();
    for spec in ELEMENTS {
        assert!(fenced.contains(&format!("<{}", spec.name)), "{}", spec.name);
    }
}

/// Renderers may round in other ways on other machines: a picture is the same if hardly a pixel differs much.
#[test]
fn every_example_compiles_and_looks_as_its_picture() {
    for example in reference::examples(&text()) {
        let pages = reference::draw(&example).unwrap_or_else(|e| panic!("line {}: {e}", example.line));
        let Some(name) = example.picture else { continue };
        let shown = image(&folder().join(name));
        let (mut left, mut differing, mut all) = (0, 0, 0);
        for page in &pages {
            let across = page.width as usize;
            for (y, row) in page.rgb.chunks_exact(across * 3).enumerate() {
                for (x, pixel) in row.chunks_exact(3).enumerate() {
                    let there = shown.pixel(left + 1 + x, y + 1);
                    differing += usize::from(pixel.iter().zip(there).any(|(a, b)| a.abs_diff(b) > 40));
                    all += 1;
                }
            }
            left += across + 2 + 24;
        }
        assert!(differing * 500 <= all, "line {}: {name}: {differing} of {all} pixels. {HINT}", example.line);
    }
}

struct Image {
    width: usize,
    rgb: Vec<u8>,
}

impl Image {
    fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        self.rgb.get(at..at + 3).map_or([0; 3], |rgb| [rgb[0], rgb[1], rgb[2]])
    }
}

fn image(path: &Path) -> Image {
    let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap()));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    Image { width: info.width as usize, rgb }
}

//! Writes the sample records: `examples/*.csv` and `*.jsonl`, made-up people for every layout that ships, and their drawn photographs.
//!
//! `cargo run --example make_samples` gives the same files every time. All of it is plainly invented: units say 样例 and
//! 虚构, and every code lies in the area 999999, which does not exist, so that it can belong to nobody.

mod photos;
mod rows;

use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    fs::create_dir_all(folder.join("photos"))?;
    for file in rows::files()? {
        fs::write(folder.join(file.name), file.data)?;
    }
    for index in 0..rows::PHOTOS {
        let path = folder.join(rows::photo_path(index));
        fs::write(path, photos::portrait(index)?)?;
    }
    Ok(())
}

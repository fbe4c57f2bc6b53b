//! `ofd-core-judge FILE.ofd DPI OUT`: checks the structure and every digest that the signatures list, draws the pages as `OUT-000.png` …
//! Exit 0 when there is nothing to object to and at least one signature.

use std::error::Error;
use std::process::ExitCode;

use ofd_core::OfdReader;
use ofd_core::render::RenderOptions;
use ofd_core::verify::{RefStatus, check_path};

fn main() -> ExitCode {
    match judge() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(e) => {
            eprintln!("{e}");
            ExitCode::from(2)
        }
    }
}

fn judge() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, dpi, out] = arguments.as_slice() else { return Err("FILE.ofd DPI OUT".into()) };

    let report = check_path(file);
    for problem in &report.problems {
        println!("problem: {problem}");
    }
    let mut good = report.conforms() && !report.signatures.is_empty();
    for signature in &report.signatures {
        for reference in &signature.references {
            if reference.status != RefStatus::Ok {
                println!("reference: {reference:?}");
                good = false;
            }
        }
        println!("signature: {} references", signature.references.len());
        good &= !signature.references.is_empty();
    }

    let mut reader = OfdReader::open(file)?;
    let body = reader.ofd().doc_bodies.first().cloned().ok_or("no DocBody")?;
    let document = reader.load_document(&body)?;
    let options = RenderOptions::with_dpi(dpi.parse()?);
    for page in 0..document.pages().len() {
        reader.render_page_to_file(&document, page, &options, format!("{out}-{page:03}.png"))?;
    }
    Ok(good)
}

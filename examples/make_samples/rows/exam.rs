//! What comes of an examination: letters about the marks, a form for the file, the list of those who passed, and the register of what was
//! issued.

use std::error::Error;

use super::people::UNITS;
use super::{Dice, FEW, ISSUER, Licence, Person, Row, Samples, YEAR, body_code, is_reissue};

const EXAMS: [&str; 3] = [
    "样例省2025年度职业资格考试（虚构）",
    "样例省2025年度样例注册安全工程师职业资格考试（虚构）",
    "样例省2025年度样例经济专业技术资格（中级）考试（虚构）",
];

/// A profession with its subjects: four here, three there.
const PROFESSIONS: [(&str, &[&str]); 3] = [
    (
        "建筑施工安全",
        &[
            "安全生产法律法规（样例）",
            "安全生产管理（样例）",
            "安全生产技术基础（样例）",
            "安全生产专业实务（样例）",
        ],
    ),
    (
        "样例建造师（市政公用工程）",
        &["工程经济（样例）", "法规及相关知识（样例）", "项目管理（样例）", "市政公用工程管理与实务（样例）"],
    ),
    ("人力资源管理", &["经济基础知识（样例）", "专业知识和实务（样例）", "案例分析（样例）"]),
];

const EDUCATIONS: [&str; 4] = ["大学专科", "大学本科", "硕士研究生", "博士研究生"];
const SCHOOLS: [&str; 3] = ["样例大学（虚构）", "样例理工大学（虚构）", "样例省样例职业技术学院（虚构）"];
const MAJORS: [&str; 4] = ["土木工程", "安全工程", "工商管理", "测绘工程"];

/// The rows of the list in a roster or a register, by the record's index: the first is the one that pictures show, the second fills
/// half a page, the third many pages.
fn length(index: u32, dice: &mut Dice) -> u32 {
    match index {
        0 => 64,
        1 => 12,
        2 => 400,
        _ => 20 + dice.below(40),
    }
}

/// The rows of each layout.
pub(super) fn samples() -> Result<Vec<Samples>, Box<dyn Error>> {
    Ok(vec![
        letters("score-notice", "004", 120_000, true)?,
        letters("score-pass", "005", 130_000, true)?,
        letters("score-report", "006", 140_000, false)?,
        forms()?,
        rosters()?,
        registers()?,
    ])
}

/// The licence of a record, from the department.
fn licence<'a>(kind: &'a str, serial: u32, issuer_code: &'a str, reissue: bool) -> Licence<'a> {
    Licence { kind, prefix: "YK", serial, issuer: ISSUER, issuer_code, reissue }
}

/// A mark out of 150 where 90 passes, sometimes with a half.
fn mark(passed: bool, dice: &mut Dice) -> String {
    let whole = if passed { 90 + dice.below(55) } else { 55 + dice.below(90) };
    if dice.below(4) == 0 { format!("{whole}.5") } else { whole.to_string() }
}

fn letters(layout: &str, kind: &str, first_serial: u32, passed: bool) -> Result<Samples, Box<dyn Error>> {
    let mut dice = Dice(u64::from(YEAR + first_serial));
    let issuer_code = body_code("11", "MB0000001")?;
    let (mut rows, mut marks) = (Vec::new(), Vec::new());
    for index in 0..FEW {
        let serial = first_serial + index + 1;
        let mut row = Person::draw(index, serial, &mut dice)?.columns();
        let (profession, subjects) = *dice.pick(&PROFESSIONS);
        row.extend(sitting(profession, serial, &mut dice));
        row.extend(licence(kind, serial, &issuer_code, is_reissue(index)).columns(&mut dice)?);
        rows.push(row);
        let mut subject = |name: &&str| {
            vec![
                ("subject", (*name).to_owned()),
                ("full", "150".to_owned()),
                ("pass", "90".to_owned()),
                ("score", mark(passed, &mut dice)),
            ]
        };
        marks.push(subjects.iter().map(&mut subject).collect());
    }
    Ok(Samples { layout: layout.to_owned(), rows, list: Some(("scores", marks)) })
}

/// What a candidate sat, when, and under which number.
fn sitting(profession: &str, serial: u32, dice: &mut Dice) -> Row {
    vec![
        ("exam", (*dice.pick(&EXAMS)).to_owned()),
        ("exam_on", format!("{}-{:02}-{:02}", YEAR - 1, 10 + dice.below(2), 1 + dice.below(28))),
        ("ticket", format!("9999{}{serial:07}", YEAR - 1)),
        ("profession", profession.to_owned()),
    ]
}

fn forms() -> Result<Samples, Box<dyn Error>> {
    let first_serial = 150_000;
    let mut dice = Dice(u64::from(YEAR + first_serial));
    let issuer_code = body_code("11", "MB0000001")?;
    let (mut rows, mut marks) = (Vec::new(), Vec::new());
    for index in 0..FEW {
        let serial = first_serial + index + 1;
        let person = Person::draw(index, serial, &mut dice)?;
        let [year, month, day] = person.born;
        let (profession, subjects) = *dice.pick(&PROFESSIONS);
        let unit = *dice.pick(&UNITS);
        let mut row = person.columns();
        row.extend([
            ("birth", format!("{year}-{month:02}-{day:02}")),
            ("education", (*dice.pick(&EDUCATIONS)).to_owned()),
            ("school", (*dice.pick(&SCHOOLS)).to_owned()),
            ("major", (*dice.pick(&MAJORS)).to_owned()),
            ("unit", unit.to_owned()),
            ("career", format!("{}年7月至今，在{unit}从事专业技术工作。以上经历纯属虚构。", year + 23)),
            ("unit_opinion", "所填内容属实，同意上报（样例）。".to_owned()),
            ("office_opinion", "经审核，考试成绩合格，准予登记（样例）。".to_owned()),
        ]);
        row.extend(sitting(profession, serial, &mut dice));
        row.extend(licence("007", serial, &issuer_code, is_reissue(index)).columns(&mut dice)?);
        rows.push(row);
        let mut subject =
            |name: &&str| vec![("subject", (*name).to_owned()), ("score", mark(true, &mut dice))];
        marks.push(subjects.iter().map(&mut subject).collect());
    }
    Ok(Samples { layout: "registration-form".to_owned(), rows, list: Some(("scores", marks)) })
}

/// What a list says of itself.
fn list_columns(kind: &str, serial: u32, dice: &mut Dice) -> Result<Row, Box<dyn Error>> {
    let issuer_code = body_code("11", "MB0000001")?;
    let issued_on = format!("{YEAR}-{:02}-{:02}", 6 + dice.below(4), 1 + dice.below(28));
    licence(kind, serial, &issuer_code, false).issue_columns(issued_on, YEAR, dice)
}

fn rosters() -> Result<Samples, Box<dyn Error>> {
    let first_serial = 160_000;
    let mut dice = Dice(u64::from(YEAR + first_serial));
    let (mut rows, mut lists) = (Vec::new(), Vec::new());
    for index in 0..FEW {
        let exam = *dice.pick(&EXAMS);
        let mut row = vec![
            ("exam", exam.to_owned()),
            ("basis", format!("根据考试管理的有关规定（样例），{exam}成绩合格且通过资格复核的人员")),
        ];
        row.extend(list_columns("008", first_serial + index + 1, &mut dice)?);
        rows.push(row);
        let people = (0..length(index, &mut dice)).map(|at| {
            let mut row = Person::draw(at, at + 1, &mut dice)?.columns();
            row.retain(|(column, _)| *column != "photo");
            row.extend([
                ("unit", (*dice.pick(&UNITS)).to_owned()),
                ("profession", dice.pick(&PROFESSIONS).0.to_owned()),
                ("number", format!("9999990{YEAR}{:06}", 500 * index + at + 1)),
            ]);
            Ok(row)
        });
        lists.push(people.collect::<Result<Vec<Row>, Box<dyn Error>>>()?);
    }
    Ok(Samples { layout: "roster".to_owned(), rows, list: Some(("people", lists)) })
}

fn registers() -> Result<Samples, Box<dyn Error>> {
    const KINDS: [(&str, &str); 3] = [
        ("专业技术职称证书（高级）", "001"),
        ("职业资格证书（准入类）", "002"),
        ("职业资格证书（水平评价类）", "003"),
    ];
    const STATES: [&str; 8] = ["有效", "有效", "有效", "有效", "有效", "有效", "注销", "撤销"];
    let first_serial = 170_000;
    let mut dice = Dice(u64::from(YEAR + first_serial));
    let issuer_code = body_code("11", "MB0000001")?;
    let (mut rows, mut lists) = (Vec::new(), Vec::new());
    for index in 0..FEW {
        let mut row = vec![("period", format!("{YEAR}年第{}季度", 1 + index % 4))];
        row.extend(list_columns("009", first_serial + index + 1, &mut dice)?);
        rows.push(row);
        let licences = (0..length(index, &mut dice)).map(|at| {
            let serial = 200_000 + 500 * index + at;
            let (name, kind) = *dice.pick(&KINDS);
            let one = licence(kind, serial, &issuer_code, false);
            let holder = Person::draw(at, serial, &mut dice)?.columns();
            let of_holder =
                |name| holder.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value).to_owned();
            Ok(vec![
                ("identifier", one.identifier(YEAR, 1)?),
                ("kind", name.to_owned()),
                ("number", one.number(YEAR)),
                ("holder", of_holder("name")),
                ("holder_code", of_holder("id_number")),
                ("issued_on", format!("{YEAR}-{:02}-{:02}", 1 + dice.below(9), 1 + dice.below(28))),
                ("state", (*dice.pick(&STATES)).to_owned()),
            ])
        });
        lists.push(licences.collect::<Result<Vec<Row>, Box<dyn Error>>>()?);
    }
    Ok(Samples { layout: "licence-register".to_owned(), rows, list: Some(("licences", lists)) })
}

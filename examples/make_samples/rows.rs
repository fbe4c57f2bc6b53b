//! The rows: first the hard names one by one, then combinations drawn by a fixed generator of numbers.

use certpress::licence::identifier::Identifier;
use certpress::licence::{name, resident_id, uscc};

/// How many people.
const PEOPLE: u32 = 1000;
/// How many photographs.
pub(crate) const PHOTOS: u32 = 8;
/// Which of them suit whom.
const MEN: [u32; 4] = [0, 3, 4, 7];
const WOMEN: [u32; 4] = [1, 2, 5, 6];
/// The year of all numbers.
const YEAR: u32 = 2026;

const COLUMNS: [&str; 17] = [
    "name",
    "sex",
    "id_number",
    "unit",
    "photo",
    "series",
    "speciality",
    "title",
    "level",
    "committee",
    "issued_on",
    "number",
    "identifier",
    "approval",
    "issuer",
    "issuer_code",
    "note",
];

/// The names that test a layout, in the rows after the first.
const HARD_NAMES: [&str; 24] = [
    // Two characters, compound surnames.
    "王样",
    "李例",
    "欧阳样例",
    "司马样",
    "诸葛样例",
    // The separator of minority names, up to the limit of 50 characters.
    "阿样·例提",
    "买买提样例·阿卜杜例样",
    "样例江·阿卜杜热依木样例·买买提明样例·吐尔逊样例",
    "样例古丽·阿卜杜外力样例·买买提依明样例·吐尔逊江样例·阿卜力米提样例·热合曼样例之名样例·提样例样",
    "样例旦增·多吉样例·次仁样例·平措样例·扎西样例·罗布样例·尼玛样例·格桑样例·达瓦样例·米玛样例名",
    // Characters that input methods and fonts of the office often lack.
    "龚䶮样",
    "陈㛃样",
    "刘𠮷样",
    // One of each extension, A to F, that only the last face of fonts/ has or few others.
    "赵㐂样",
    "钱𠀀样",
    "孙𪜀样",
    "周𫝀样",
    "吴𫠠样",
    "郑𬺰样",
    // Extension characters of the common character table (通用规范汉字表).
    "冯𪟝样",
    "陈𫖮样",
    "褚𬭎样",
    "卫𬍛样",
    "蒋𬸚样",
];

const SURNAMES: [&str; 32] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱",
    "秦", "尤", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华", "欧阳", "上官", "司马", "诸葛",
];
const FIRST: [&str; 20] = [
    "样", "例", "试", "仿", "拟", "虚", "构", "模", "范", "稿", "清", "文", "明", "思", "远", "若", "雨",
    "景", "书", "一",
];
const SECOND: [&str; 20] = [
    "样", "例", "之", "然", "兮", "如", "言", "方", "圆", "初", "新", "和", "宁", "川", "河", "林", "山",
    "石", "云", "舟",
];

const UNITS: [&str; 16] = [
    "样例省样例市测绘院（虚构）",
    "样例省样例市第一人民医院（虚构）",
    "样例市实验中学（虚构）",
    "样例省农业科学院（虚构）",
    "样例县水利局（虚构）",
    "样例大学（虚构）",
    "样例省图书馆（虚构）",
    "样例市档案馆（虚构）",
    "样例建设集团有限公司（虚构）",
    "样例省交通规划设计研究院股份有限公司（虚构）",
    "样例（中国）ABC 科技有限公司（虚构）",
    "样例市样例区样例街道社区卫生服务中心（虚构）",
    "样例省样例自治州样例县农业农村局农业技术推广服务中心（虚构）",
    "样例省样例市样例经济技术开发区生态环境监测与应急保障服务中心（虚构）",
    "样例省样例自治州样例自治县农业技术推广服务中心（加挂样例自治县农产品质量安全检验检测站牌子）（虚构）",
    "样例省样例市样例高新技术产业开发区第 2 工程勘察设计与 3D 测绘联合研究院有限责任公司样例分公司（虚构）",
];

/// A series with its specialities and its two senior titles.
struct Series {
    name: &'static str,
    specialities: &'static [&'static str],
    full: &'static str,
    associate: &'static str,
}

const SERIES: [Series; 8] = [
    Series {
        name: "工程技术",
        specialities: &[
            "测绘工程",
            "水利水电工程",
            "道路与桥梁工程",
            "岩土工程",
            "环境保护工程",
            "计算机应用技术",
        ],
        full: "正高级工程师",
        associate: "高级工程师",
    },
    Series {
        name: "农业技术",
        specialities: &["农学", "园艺", "植物保护", "畜牧"],
        full: "正高级农艺师",
        associate: "高级农艺师",
    },
    Series {
        name: "卫生技术",
        specialities: &["心血管内科", "儿科", "中医内科", "医学影像"],
        full: "主任医师",
        associate: "副主任医师",
    },
    Series {
        name: "中小学教师",
        specialities: &["高中数学", "初中语文", "小学科学"],
        full: "正高级教师",
        associate: "高级教师",
    },
    Series {
        name: "经济",
        specialities: &["工商管理", "人力资源管理", "知识产权"],
        full: "正高级经济师",
        associate: "高级经济师",
    },
    Series {
        name: "会计", specialities: &["会计"], full: "正高级会计师", associate: "高级会计师"
    },
    Series {
        name: "图书资料",
        specialities: &["图书情报", "古籍整理与保护"],
        full: "研究馆员",
        associate: "副研究馆员",
    },
    Series {
        name: "档案", specialities: &["档案管理"], full: "研究馆员", associate: "副研究馆员"
    },
];

const ISSUER: &str = "样例省人力资源和社会保障厅（虚构）";

/// The whole file.
pub(crate) fn csv() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let issuer_code = body_code("11", "MB0000001")?;
    let type_code = format!("{}001", body_code("11", "MB0000002")?);
    let mut dice = Dice(u64::from(YEAR));
    for index in 0..PEOPLE {
        writer.write_record(person(index, &issuer_code, &type_code, &mut dice)?)?;
    }
    Ok(writer.into_inner()?)
}

/// Where the photograph `index` lies, relative to the CSV.
pub(crate) fn photo_path(index: u32) -> String {
    format!("photos/{:02}.jpg", index + 1)
}

fn person(
    index: u32,
    issuer_code: &str,
    type_code: &str,
    dice: &mut Dice,
) -> Result<[String; COLUMNS.len()], Box<dyn std::error::Error>> {
    let serial = index + 1;
    let male = dice.below(2) == 0;
    let portrait = *dice.pick(if male { &MEN } else { &WOMEN });
    let is_full = dice.below(4) == 0;
    let series = dice.pick(&SERIES);
    let speciality = dice.pick(series.specialities);
    let issued_on = format!("{YEAR}-{:02}-{:02}", 1 + dice.below(9), 1 + dice.below(28));
    // Rare enough to look like an exception, common enough to be met within the first dozen.
    let optional = |every: u32, text: String| if serial.is_multiple_of(every) { String::new() } else { text };
    let identifier = Identifier::new(type_code, issuer_code, &format!("{YEAR}{serial:07}"), 1)?;
    let note = if serial.is_multiple_of(3) {
        "本证书内容纯属虚构，仅供样例演示使用。"
    } else {
        ""
    };
    Ok([
        full_name(index, dice)?,
        if male { "男" } else { "女" }.to_owned(),
        id_number(serial, male, dice)?,
        (*dice.pick(&UNITS)).to_owned(),
        optional(10, photo_path(portrait)),
        series.name.to_owned(),
        (*speciality).to_owned(),
        if is_full { series.full } else { series.associate }.to_owned(),
        if is_full { "正高级" } else { "副高级" }.to_owned(),
        format!("样例省{}高级职称评审委员会（虚构）", series.name),
        issued_on,
        format!("YL{YEAR}{serial:06}"),
        identifier.to_string(),
        optional(7, format!("样人社职字〔{YEAR}〕{}号", 1 + dice.below(99))),
        ISSUER.to_owned(),
        optional(11, issuer_code.to_owned()),
        note.to_owned(),
    ])
}

fn full_name(index: u32, dice: &mut Dice) -> Result<String, name::NameError> {
    let drawn = format!("{}{}{}", dice.pick(&SURNAMES), dice.pick(&FIRST), dice.pick(&SECOND));
    let hard = (index as usize).checked_sub(1).and_then(|at| HARD_NAMES.get(at));
    Ok(name::normalise(hard.copied().unwrap_or(&drawn))?.text)
}

/// An identity number of the area 999999; its sequence is odd for men, as GB 11643 has it.
fn id_number(serial: u32, male: bool, dice: &mut Dice) -> Result<String, &'static str> {
    let (year, month, day) = (1964 + dice.below(27), 1 + dice.below(12), 1 + dice.below(28));
    let sequence = 2 * (serial % 499) + if male { 1 } else { 2 };
    let body = format!("999999{year}{month:02}{day:02}{sequence:03}");
    let check = resident_id::check_character(&body).ok_or("17 digits have a check character")?;
    Ok(format!("{body}{check}"))
}

/// A unified social credit code of the area 999999: kind of body 2, area 6, organisation 9, check.
fn body_code(kind: &str, organisation: &str) -> Result<String, &'static str> {
    let body = format!("{kind}999999{organisation}");
    let check = uscc::check_character(&body).ok_or("17 characters of the alphabet have a check character")?;
    Ok(format!("{body}{check}"))
}

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z >> 33) as u32) % bound
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u32) as usize]
    }
}

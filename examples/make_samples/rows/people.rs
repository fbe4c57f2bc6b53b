//! Holders: names, photographs, identity numbers, units, and the codes of bodies.

use std::error::Error;

use certpress::licence::{name, pua, resident_id, uscc};

use super::{Dice, Row};

/// How many photographs.
pub(crate) const PHOTOS: u32 = 8;
/// Which of them suit whom.
const MEN: [u32; 4] = [0, 3, 4, 7];
const WOMEN: [u32; 4] = [1, 2, 5, 6];

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

pub(super) const UNITS: [&str; 16] = [
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

/// A holder.
pub(super) struct Person {
    name: String,
    male: bool,
    /// Year, month, day.
    pub(super) born: [u32; 3],
    id_number: String,
    photo: String,
}

impl Person {
    /// The holder in row `index`, with the identity number's sequence of `serial`. Every tenth has no photograph.
    pub(super) fn draw(index: u32, serial: u32, dice: &mut Dice) -> Result<Person, Box<dyn Error>> {
        let male = dice.below(2) == 0;
        let portrait = *dice.pick(if male { &MEN } else { &WOMEN });
        let born = [1964 + dice.below(27), 1 + dice.below(12), 1 + dice.below(28)];
        Ok(Person {
            name: full_name(index, dice)?,
            male,
            born,
            id_number: id_number(serial, male, born)?,
            photo: if index % 10 == 9 { String::new() } else { photo_path(portrait) },
        })
    }

    /// The columns about the holder that all certificates share.
    pub(super) fn columns(self) -> Row {
        vec![
            ("name", self.name),
            ("sex", if self.male { "男" } else { "女" }.to_owned()),
            ("id_number", self.id_number),
            ("photo", self.photo),
        ]
    }
}

/// Where the photograph `index` lies, relative to the CSV.
pub(crate) fn photo_path(index: u32) -> String {
    format!("photos/{:02}.jpg", index + 1)
}

fn full_name(index: u32, dice: &mut Dice) -> Result<String, name::NameError> {
    let drawn = format!("{}{}{}", dice.pick(&SURNAMES), dice.pick(&FIRST), dice.pick(&SECOND));
    let hard = (index as usize).checked_sub(1).and_then(|at| HARD_NAMES.get(at));
    Ok(name::normalise(hard.copied().unwrap_or(&drawn), &pua::Table::default())?.text)
}

/// An identity number of the area 999999; its sequence is odd for men, as GB 11643 has it.
fn id_number(serial: u32, male: bool, [year, month, day]: [u32; 3]) -> Result<String, &'static str> {
    let sequence = 2 * (serial % 499) + if male { 1 } else { 2 };
    let body = format!("999999{year}{month:02}{day:02}{sequence:03}");
    let check = resident_id::check_character(&body).ok_or("17 digits have a check character")?;
    Ok(format!("{body}{check}"))
}

/// A unified social credit code of the area 999999: kind of body 2, area 6, organisation 9, check.
pub(super) fn body_code(kind: &str, organisation: &str) -> Result<String, &'static str> {
    let body = format!("{kind}999999{organisation}");
    let check = uscc::check_character(&body).ok_or("17 characters of the alphabet have a check character")?;
    Ok(format!("{body}{check}"))
}

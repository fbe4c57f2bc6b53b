//! DER as a tree that may be spoiled before it is encoded again.

/// A value with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A primitive one.
    Leaf(u8, Vec<u8>),
    /// A constructed one.
    Tree(u8, Vec<Node>),
    /// Bytes as they are, whatever they mean.
    Raw(Vec<u8>),
}

impl Node {
    /// The one value that `bytes` are; values inside OCTET and BIT STRINGs stay closed.
    pub(crate) fn parse(bytes: &[u8]) -> Node {
        let (node, rest) = Node::read(bytes);
        assert!(rest.is_empty(), "more than one value");
        node
    }

    /// The value before zeros that fill a room.
    pub(crate) fn parse_padded(bytes: &[u8]) -> Node {
        Node::read(bytes).0
    }

    fn read(bytes: &[u8]) -> (Node, &[u8]) {
        let (tag, first) = (bytes[0], usize::from(bytes[1]));
        let count = first.saturating_sub(0x80);
        let length = bytes[2..2 + count].iter().fold(0, |length, &b| length << 8 | usize::from(b));
        let (start, length) = (2 + count, if first < 0x80 { first } else { length });
        let (content, rest) = (&bytes[start..start + length], &bytes[start + length..]);
        if tag & 0x20 == 0 {
            return (Node::Leaf(tag, content.to_vec()), rest);
        }
        let (mut children, mut left) = (Vec::new(), content);
        while !left.is_empty() {
            let (child, after) = Node::read(left);
            children.push(child);
            left = after;
        }
        (Node::Tree(tag, children), rest)
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let (tag, content) = match self {
            Node::Raw(bytes) => return bytes.clone(),
            Node::Leaf(tag, content) => (*tag, content.clone()),
            Node::Tree(tag, children) => (*tag, children.iter().flat_map(Node::encode).collect()),
        };
        header(tag, content.len()).into_iter().chain(content).collect()
    }

    /// The node that `path` leads to: the index among the children, step by step.
    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, &index| &mut node.children()[index])
    }

    pub(crate) fn children(&mut self) -> &mut Vec<Node> {
        match self {
            Node::Tree(_, children) => children,
            other => panic!("no children: {other:?}"),
        }
    }

    pub(crate) fn content(&mut self) -> &mut Vec<u8> {
        match self {
            Node::Leaf(_, content) => content,
            other => panic!("no content: {other:?}"),
        }
    }

    /// Other bytes for a BIT STRING.
    pub(crate) fn set_bits(&mut self, bytes: &[u8]) {
        *self.content() = [&[0], bytes].concat();
    }

    /// Changes the value inside an OCTET or BIT STRING.
    pub(crate) fn inside(&mut self, path: &[usize], change: impl FnOnce(&mut Node)) {
        let Node::Leaf(tag, content) = self else { panic!("a constructed string") };
        let skip = usize::from(*tag == 3);
        let mut inner = Node::parse(&content[skip..]);
        change(inner.at(path));
        content.truncate(skip);
        content.extend(inner.encode());
    }

    /// Its length written in `octets` bytes, more than needed.
    pub(crate) fn lengthen(&mut self, octets: usize) {
        let whole = self.encode();
        let (_, skip) = (whole[0], header_len(&whole));
        let content = &whole[skip..];
        let length = content.len().to_be_bytes();
        let length = &length[length.len() - octets..];
        *self = Node::Raw([&[whole[0], 0x80 | octets as u8], length, content].concat());
    }

    /// Its length left open and its end marked (BER).
    pub(crate) fn open_end(&mut self) {
        let whole = self.encode();
        *self = Node::Raw([&[whole[0], 0x80], &whole[header_len(&whole)..], &[0, 0]].concat());
    }
}

fn header_len(whole: &[u8]) -> usize {
    if whole[1] < 0x80 { 2 } else { 2 + usize::from(whole[1] - 0x80) }
}

pub(crate) fn header(tag: u8, length: usize) -> Vec<u8> {
    let bytes = length.to_be_bytes();
    match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, bytes[7]],
        0x100..=0xffff => [&[tag, 0x82], &bytes[6..]].concat(),
        _ => [&[tag, 0x84], &bytes[4..]].concat(),
    }
}

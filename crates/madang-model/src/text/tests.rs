//! The shared vectors, and laws that hold for every text.

use proptest::prelude::*;
use serde::Deserialize;

use super::{Block, Inline, Mentions, Names};
use super::{emoji_by_name, mentions, normalize_emoji, parse, plain_text, plain_text_with, steps};

#[derive(Deserialize)]
struct Vector {
    name: String,
    text: String,
    nodes: Vec<Block>,
    plain: String,
    mentions: Mentions,
}

#[test]
fn every_shared_vector_reads_as_written() {
    let file = include_str!("../../../../testing/vectors/text.json");
    let vectors: Vec<Vector> = serde_json::from_str(file).unwrap();
    assert!(vectors.len() >= 80);
    for vector in vectors {
        let nodes = parse(&vector.text);
        assert_eq!(nodes, vector.nodes, "{}", vector.name);
        assert_eq!(plain_text(&nodes), vector.plain, "{}", vector.name);
        assert_eq!(mentions(&vector.text), vector.mentions, "{}", vector.name);
    }
}

#[test]
fn the_tree_is_written_with_the_names_of_the_shared_vectors() {
    let file = include_str!("../../../../testing/vectors/text.json");
    let vectors: Vec<serde_json::Value> = serde_json::from_str(file).unwrap();
    for vector in vectors {
        let nodes = parse(vector["text"].as_str().unwrap());
        assert_eq!(serde_json::to_value(nodes).unwrap(), vector["nodes"], "{}", vector["name"]);
    }
}

#[test]
fn a_preview_names_people_and_spaces() {
    let nari = |id: &str| (id == "a1").then(|| "나리".to_owned());
    let square = |id: &str| (id == "s1").then(|| "광장".to_owned());
    let names = Names { person: &nari, space: &square, everyone: "모두" };
    let plain = plain_text_with(&parse("<@a1> <@b2> <#s1|old> <#s2|뜰> <!here>"), &names);
    assert_eq!(plain, "@나리 @b2 #광장 #뜰 @모두");
}

#[test]
fn a_reaction_has_one_form() {
    let form = |given: &str| normalize_emoji(given);
    for given in ["+1", ":+1:", "thumbsup", ":thumbsup:", "👍", "👍\u{fe0f}"] {
        assert_eq!(form(given).as_deref(), Some("+1"), "{given}");
    }
    for given in [":wave::skin-tone-3:", "wave::skin-tone-3", "👋🏼"] {
        assert_eq!(form(given).as_deref(), Some("wave::skin-tone-3"), "{given}");
    }
    assert_eq!(form("❤").as_deref(), Some("heart"));
    assert_eq!(form("❤️").as_deref(), Some("heart"));
    assert_eq!(form("🇰🇷").as_deref(), Some("kr"));
    assert_eq!(form("👩🏻‍❤️‍👩🏻").as_deref(), Some("woman-heart-woman::skin-tone-2"));
    assert_eq!(form("🧑🏻‍🤝‍🧑🏿").as_deref(), Some("🧑🏻‍🤝‍🧑🏿"), "an emoji without a name stands for itself");
}

#[test]
fn what_is_no_single_emoji_is_no_reaction() {
    let long = "🦀\u{200d}".repeat(20) + "🦀";
    for given in [
        "",
        ":",
        "::",
        "nothing_known",
        ":wave",
        "안녕",
        "a b",
        "👍👍",
        "👍 ",
        "🇰",
        "🇰a",
        "1",
        "\0",
        "\u{200d}",
        "<b>",
        &long,
    ] {
        assert_eq!(normalize_emoji(given), None, "{given:?}");
    }
}

#[test]
fn every_emoji_of_the_table_finds_its_own_name_back() {
    for line in include_str!("emoji.txt").lines() {
        let mut columns = line.split('\t');
        let (chars, names) = (columns.next().unwrap(), columns.next().unwrap());
        let first = names.split(' ').next();
        for name in names.split(' ') {
            assert_eq!(emoji_by_name(name).as_deref(), Some(chars));
            assert_eq!(normalize_emoji(name).as_deref(), first);
        }
        assert_eq!(normalize_emoji(chars).as_deref(), first);
        if columns.next().is_some() {
            let toned = format!("{}::skin-tone-6", first.unwrap());
            let chars = emoji_by_name(&toned).unwrap();
            assert_eq!(normalize_emoji(&chars), Some(toned));
        }
    }
}

/// Reads a text and holds it to the number of steps that a linear parser may take.
fn read_counted(text: &str) -> Vec<Block> {
    steps::take();
    let nodes = parse(text);
    let taken = steps::take();
    assert!(taken <= 12 * text.len() + 64, "{taken} steps for {} bytes", text.len());
    nodes
}

#[test]
fn hostile_texts_are_read_in_linear_time() {
    let pieces = [
        "*",
        "_",
        "~",
        "`",
        "``",
        "```",
        "``` ",
        "*_~",
        "*a ",
        "a* ",
        "*a*",
        "<",
        "<a",
        "<@",
        ">",
        "> ",
        ">>> ",
        "\n> ",
        "[",
        "[a",
        "[a](",
        "[a](https://a",
        "[a](https://a[",
        "](",
        "https://",
        "https://a",
        "https://a(",
        "mailto:",
        "mailto:a",
        "mailto:a.",
        "mailto:a@b",
        "tel:1",
        "tel:112",
        "http://h",
        ":",
        ":a",
        ":a:",
        ":wave",
        ":wave::skin-tone-",
        "- ",
        "- a\n",
        "  - a\n",
        "1. ",
        "1. a\n",
        "- ```\n",
        "- ```\n  ",
        "```\n",
        "> ```\n",
        "\n",
        "\r",
        " ",
        "\t",
        "\0",
        "가",
        "가*",
        "*가",
        "\u{202e}",
        "<https://a|",
        "`a",
        "a`",
        "999. ",
        "\n\n",
        "- - ",
    ];
    for piece in pieces {
        read_counted(&piece.repeat(40_000 / piece.len()));
        read_counted(&("*a `".to_owned() + &piece.repeat(20_000 / piece.len()) + "b*"));
        let opened: String = (0..4_000).map(|_| format!("{piece}x")).collect();
        read_counted(&opened);
        read_counted(&format!("{opened}{}", piece.repeat(4_000)));
    }
}

fn depth_of_blocks(blocks: &[Block]) -> (usize, usize) {
    blocks.iter().fold((0, 0), |(blocks, inlines), block| {
        let (b, i) = match block {
            Block::Paragraph { c } => (0, depth_of_inlines(c)),
            Block::Quote { c } => depth_of_blocks(c),
            Block::Code { .. } => (0, 0),
            Block::List { items, .. } => items
                .iter()
                .map(|item| depth_of_blocks(item))
                .fold((0, 0), |a, b| (a.0.max(b.0), a.1.max(b.1))),
        };
        (blocks.max(b + 1), inlines.max(i))
    })
}

fn depth_of_inlines(inlines: &[Inline]) -> usize {
    let depth = |inline: &Inline| match inline {
        Inline::Bold { c } | Inline::Italic { c } | Inline::Strike { c } | Inline::Link { c, .. } => {
            1 + depth_of_inlines(c)
        }
        _ => 1,
    };
    inlines.iter().map(depth).max().unwrap_or(0)
}

fn only(text: &str, keep: impl Fn(char) -> bool) -> String {
    text.chars().filter(|c| keep(*c)).collect()
}

fn of_pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..60).prop_map(|p| p.concat())
}

const EVERYTHING: &[&str] = &[
    "*",
    "_",
    "~",
    "`",
    "```",
    "> ",
    ">>> ",
    "- ",
    "1. ",
    "2. ",
    "• ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    " ",
    "<",
    ">",
    "|",
    "@a1",
    "!here",
    "#s1",
    "<@a1>",
    "<!channel>",
    "<#s1|뜰>",
    "https://a.example",
    "mailto:a@b",
    "tel:112",
    "[",
    "](",
    "]",
    "(",
    ")",
    ":",
    ":wave:",
    ":skin-tone-3:",
    "가",
    "합니다",
    "a",
    "Z9",
    ".",
    ",",
    "\0",
    "\u{202e}",
    "\u{200d}",
    "👋🏽",
    "é",
    "\u{301}",
    "rust\n",
    "\\",
];

/// Marks that may go, with letters that no language word, address or name is made of.
const MARKS_AND_LETTERS: &[&str] = &[
    "*", "_", "~", "`", "```", "> ", ">>> ", "- ", "* ", "• ", "1. ", "2. ", "  ", "\t", "\n", "\n\n",
    "\r\n", " ", "(", "]", "|", "가", "나다", "ñ", "Ж", "字", "한 글",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_has_a_shallow_tree(text in "\\PC*|[\\x00-\\x7f]*|.*") {
        let (blocks, inlines) = depth_of_blocks(&read_counted(&text));
        prop_assert!(blocks <= 4 && inlines <= 8);
    }

    #[test]
    fn any_text_of_marks_has_a_shallow_tree(text in of_pieces(EVERYTHING)) {
        let nodes = read_counted(&text);
        let (blocks, inlines) = depth_of_blocks(&nodes);
        prop_assert!(blocks <= 4 && inlines <= 8, "{} {}", blocks, inlines);
        plain_text(&nodes);
        mentions(&text);
    }

    #[test]
    fn plain_text_loses_no_letter(text in of_pieces(MARKS_AND_LETTERS)) {
        let plain = plain_text(&parse(&text));
        prop_assert_eq!(only(&plain, char::is_alphabetic), only(&text, char::is_alphabetic));
    }

    #[test]
    fn plain_text_without_marks_is_the_text(text in "[a-zA-Z가-힣 0-9.,?!()=+-]{1,80}") {
        // A line that starts as a list does is one.
        let text = format!("글{text}");
        prop_assert_eq!(plain_text(&parse(&text)), text);
    }

    #[test]
    fn texts_apart_by_a_blank_line_are_read_apart(a in of_pieces(EVERYTHING), b in of_pieces(EVERYTHING)) {
        // Only an open fence and `>>>` reach over a blank line.
        prop_assume!(!a.contains("``") && !a.contains(">>") && !b.starts_with('`') && !a.ends_with('`'));
        let both = parse(&format!("{a}\n\n{b}"));
        let apart: Vec<Block> = parse(&a).into_iter().chain(parse(&b)).collect();
        prop_assert_eq!(both, apart);
    }

    #[test]
    fn a_normal_emoji_stays_as_it_is(given in "\\PC{1,6}|:[a-z_]{1,8}:") {
        if let Some(form) = normalize_emoji(&given) {
            prop_assert!(form.len() <= 64);
            prop_assert_eq!(normalize_emoji(&form), Some(form));
        }
    }
}

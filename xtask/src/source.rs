//! Rust and TypeScript as a reader of rules sees them: what is code, what is text, what is a test.
//!
//! No parser: comments, texts and `#[cfg(test)]` blocks are told apart well enough for `tidy`.
//! Everything keeps its line, so a finding can name it.

/// A source file in three layers, each with the other two blanked out.
pub struct Layers {
    /// Code without comments and without the contents of string literals.
    pub code: String,
    /// The contents of string literals.
    pub strings: String,
    /// Comments.
    pub comments: String,
}

/// Splits a file. Works for Rust, and for TypeScript as far as `tidy` needs it.
pub fn layers(body: &str) -> Layers {
    let chars: Vec<char> = body.chars().collect();
    let mut split = Splitter::with_room(body.len());
    let mut at = 0;
    while at < chars.len() {
        at = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => split.line_comment(&chars, at),
            ('/', Some('*')) => split.block_comment(&chars, at),
            ('r', Some('"' | '#')) if !is_word(before(&chars, at)) => split.raw_string(&chars, at),
            ('b', Some('r')) if !is_word(before(&chars, at)) => split.raw_string(&chars, at),
            ('"', _) => split.string(&chars, at),
            ('\'', _) => split.char_or_lifetime(&chars, at),
            (one, _) => {
                split.put(Layer::Code, one);
                at + 1
            }
        };
    }
    split.layers
}

/// The code with every `#[cfg(test)]` item blanked out.
pub fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(start) = kept.find("#[cfg(test)]") {
        let end = end_of_item(&kept, start);
        let blank: String =
            kept[start..end].chars().map(|one| if one == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
    }
    kept
}

/// Only the `#[cfg(test)]` items of the code.
pub fn only_tests(code: &str) -> String {
    let outside = without_tests(code);
    // Both have the same number of lines; a line that differs belongs to a test.
    code.lines()
        .zip(outside.lines())
        .map(|(all, rest)| if all == rest { "" } else { all })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Whether a whole file is test code.
pub fn is_test_file(path: &str) -> bool {
    path.contains("/tests/")
        || path.contains("/conformance/")
        || path.ends_with("/tests.rs")
        || path.ends_with(".test.ts")
        || path.starts_with("web/e2e/")
}

fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, one) in code[start..].char_indices() {
        match one {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return start + offset + 1;
                }
            }
            // `#[cfg(test)] mod tests;` has no block.
            ';' if depth == 0 => return start + offset + 1,
            _ => {}
        }
    }
    code.len()
}

enum Layer {
    Code,
    String,
    Comment,
}

struct Splitter {
    layers: Layers,
}

impl Splitter {
    fn with_room(size: usize) -> Self {
        Self {
            layers: Layers {
                code: String::with_capacity(size),
                strings: String::with_capacity(size),
                comments: String::with_capacity(size),
            },
        }
    }

    fn put(&mut self, layer: Layer, one: char) {
        let blank = if one == '\n' { '\n' } else { ' ' };
        let layers = &mut self.layers;
        layers.code.push(if matches!(layer, Layer::Code) { one } else { blank });
        layers.strings.push(if matches!(layer, Layer::String) { one } else { blank });
        layers.comments.push(if matches!(layer, Layer::Comment) { one } else { blank });
    }

    fn line_comment(&mut self, chars: &[char], mut at: usize) -> usize {
        while at < chars.len() && chars[at] != '\n' {
            self.put(Layer::Comment, chars[at]);
            at += 1;
        }
        at
    }

    fn block_comment(&mut self, chars: &[char], mut at: usize) -> usize {
        let mut depth = 0_usize;
        while at < chars.len() {
            let pair = (chars[at], chars.get(at + 1));
            let step = match pair {
                ('/', Some('*')) => {
                    depth += 1;
                    2
                }
                ('*', Some('/')) => {
                    depth -= 1;
                    2
                }
                _ => 1,
            };
            for offset in 0..step {
                self.put(Layer::Comment, chars[at + offset]);
            }
            at += step;
            if depth == 0 {
                break;
            }
        }
        at
    }

    fn string(&mut self, chars: &[char], mut at: usize) -> usize {
        self.put(Layer::Code, '"');
        at += 1;
        while at < chars.len() {
            match chars[at] {
                '"' => {
                    self.put(Layer::Code, '"');
                    return at + 1;
                }
                '\\' if at + 1 < chars.len() => {
                    self.put(Layer::String, chars[at]);
                    self.put(Layer::String, chars[at + 1]);
                    at += 2;
                }
                one => {
                    self.put(Layer::String, one);
                    at += 1;
                }
            }
        }
        at
    }

    fn raw_string(&mut self, chars: &[char], start: usize) -> usize {
        let mut at = start;
        while matches!(chars.get(at), Some('b' | 'r')) {
            at += 1;
        }
        let hashes = chars[at..].iter().take_while(|one| **one == '#').count();
        if chars.get(at + hashes) != Some(&'"') {
            // `r#type`, or a name that begins with these letters.
            self.put(Layer::Code, chars[start]);
            return start + 1;
        }
        for one in &chars[start..=at + hashes] {
            self.put(Layer::Code, *one);
        }
        at += hashes + 1;
        while at < chars.len() {
            let closes = chars[at] == '"'
                && chars[at + 1..].iter().take(hashes).filter(|one| **one == '#').count() == hashes;
            if closes {
                for one in &chars[at..=at + hashes] {
                    self.put(Layer::Code, *one);
                }
                return at + hashes + 1;
            }
            self.put(Layer::String, chars[at]);
            at += 1;
        }
        at
    }

    fn char_or_lifetime(&mut self, chars: &[char], at: usize) -> usize {
        let length = match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('\\'), _) => chars[at + 2..].iter().skip(1).position(|one| *one == '\'').map(|gap| gap + 4),
            (Some(_), Some('\'')) => Some(3),
            _ => None,
        };
        // A lifetime, or an apostrophe: one sign of code.
        let length = length.unwrap_or(1);
        for (offset, one) in chars[at..at + length].iter().enumerate() {
            let edge = offset == 0 || offset + 1 == length;
            self.put(if edge { Layer::Code } else { Layer::String }, *one);
        }
        at + length
    }
}

fn before(chars: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).map(|index| chars[index])
}

fn is_word(one: Option<char>) -> bool {
    one.is_some_and(|one| one.is_alphanumeric() || one == '_')
}

#[cfg(test)]
mod tests {
    use super::{layers, only_tests, without_tests};

    #[test]
    fn comments_and_texts_are_not_code() {
        let split = layers("let a = \"x // y\"; // let b\n/* c /* d */ */ let e = 'f';");
        assert_eq!(split.code.replace(' ', ""), "leta=\"\";\nlete='';");
        assert!(split.strings.contains("x // y"));
        assert!(split.comments.contains("let b") && split.comments.contains("d */"));
    }

    #[test]
    fn quotes_inside_signs_and_raw_texts_close_nothing() {
        let split = layers("a('\"'); b('\\''); c(r#\"say \"hi\"\"#); d::<'x>(); r#type");
        assert_eq!(split.code.replace(' ', ""), "a('');b('');c(r#\"\"#);d::<'x>();r#type");
        assert!(split.strings.contains("say \"hi\""));
    }

    #[test]
    fn every_layer_keeps_its_lines() {
        let body = "one\n\"two\nthree\"\n// four\n/* five\nsix */";
        let split = layers(body);
        for layer in [&split.code, &split.strings, &split.comments] {
            assert_eq!(layer.lines().count().max(6), 6);
            assert_eq!(layer.matches('\n').count(), body.matches('\n').count());
        }
    }

    #[test]
    fn test_modules_can_be_taken_away_or_alone() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { c(); }\n}\nfn d() {}\n#[cfg(test)]\nmod more;\n";
        let outside = without_tests(code);
        assert!(outside.contains("fn a") && outside.contains("fn d"));
        assert!(!outside.contains("fn b") && !outside.contains("more"));
        let inside = only_tests(code);
        assert!(inside.contains("fn b") && !inside.contains("fn d"));
    }
}

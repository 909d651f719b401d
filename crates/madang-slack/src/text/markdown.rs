//! Markdown (`markdown_text`, markdown blocks) to the text of a message here. Read to the letter of CommonMark, with tables,
//! ~~strikes~~ and tasks.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::{Ids, from_mrkdwn};

/// The text as it is kept. Mentions stand in Markdown as in mrkdwn: `<@U…>`, `<#C…>`, `<!here>`.
#[must_use]
pub fn from_markdown(markdown: &str, ids: &Ids, previews: bool) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut page = Page::new(ids, previews);
    for event in TextMergeStream::new(Parser::new_ext(markdown, options)) {
        page.event(event);
    }
    page.out.trim_end().to_owned()
}

struct Page<'a> {
    out: String,
    ids: &'a Ids<'a>,
    previews: bool,
    /// The numbers of the lists around; none for bullets.
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// Where the label of the link began, and where it leads.
    links: Vec<(usize, String)>,
    code: bool,
    heading: bool,
    rows: Option<Vec<Vec<String>>>,
    /// Where the cell of a table began.
    cell: usize,
    bold: usize,
}

impl<'a> Page<'a> {
    fn new(ids: &'a Ids<'a>, previews: bool) -> Self {
        Page {
            out: String::new(),
            ids,
            previews,
            lists: Vec::new(),
            quotes: 0,
            links: Vec::new(),
            code: false,
            heading: false,
            rows: None,
            cell: 0,
            bold: 0,
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.out.push_str(&format!("`{}`", text.replace(['`', '\n'], " "))),
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => {
                self.block();
                self.out.push_str("———");
            }
            Event::TaskListMarker(done) => self.out.push_str(if done { "☑ " } else { "☐ " }),
            Event::Html(html) | Event::InlineHtml(html) => self.text(html.trim_end_matches('\n')),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text)
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.code {
            // The end of the last line is the fence's.
            let text = text.strip_suffix('\n').unwrap_or(text).to_owned();
            self.quoted(&text);
        } else if self.links.is_empty() && self.rows.is_none() {
            // Entities were read already; here they would be read twice.
            let words = from_mrkdwn(&text.replace('&', "&amp;"), self.ids, self.previews);
            self.quoted(&words);
        } else {
            self.out.push_str(text);
        }
    }

    /// Words of one or more lines, each with the sign of the quote around it.
    fn quoted(&mut self, words: &str) {
        for (n, line) in words.split('\n').enumerate() {
            if n > 0 {
                self.line();
            }
            self.out.push_str(line);
        }
    }

    fn line(&mut self) {
        self.out.push('\n');
        if self.quotes > 0 {
            self.out.push_str("> ");
        }
        self.out.push_str(&"  ".repeat(self.lists.len()));
    }

    /// A block begins: on a line of its own, and after an empty one where nothing is around it.
    fn block(&mut self) {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        // Behind the marker of an item, the block stands on the marker's line.
        if line.trim_start_matches(['>', ' ']).is_empty() || line.ends_with("- ") || line.ends_with(". ") {
            if self.out.is_empty() && self.quotes > 0 {
                self.out.push_str("> ");
            }
            return;
        }
        if self.lists.is_empty() {
            self.out.push('\n');
        }
        self.line();
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Paragraph => self.block(),
            Tag::Heading { .. } => {
                self.block();
                self.out.push('*');
                self.heading = true;
            }
            Tag::BlockQuote(_) => {
                // There is no quote in a quote here.
                self.quotes += 1;
                if !self.out.is_empty() && self.quotes == 1 {
                    self.out.push('\n');
                    self.line();
                }
            }
            Tag::CodeBlock(kind) => {
                self.block();
                let lang = match &kind {
                    CodeBlockKind::Fenced(lang) => {
                        lang.split_whitespace().next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.out.push_str(&format!("```{lang}"));
                self.line();
                self.code = true;
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Emphasis if !self.heading => self.out.push('_'),
            Tag::Strong if !self.heading => {
                self.bold += 1;
                if self.bold == 1 {
                    self.out.push('*');
                }
            }
            Tag::Strikethrough => self.out.push('~'),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((self.out.len(), dest_url.into_string()));
            }
            Tag::Table(_) => {
                self.block();
                self.rows = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.rows {
                    rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.cell = self.out.len(),
            _ => {}
        }
    }

    fn item(&mut self) {
        let depth = self.lists.len().saturating_sub(1);
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        if !line.trim_start_matches(['>', ' ']).is_empty() {
            self.out.push('\n');
            if self.quotes > 0 {
                self.out.push_str("> ");
            }
            self.out.push_str(&"  ".repeat(depth));
        }
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number += 1;
            }
            _ => self.out.push_str("- "),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.out.push('*');
                self.heading = false;
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::CodeBlock => {
                self.code = false;
                self.line();
                self.out.push_str("```");
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Emphasis if !self.heading => self.out.push('_'),
            TagEnd::Strong if !self.heading => {
                self.bold = self.bold.saturating_sub(1);
                if self.bold == 0 {
                    self.out.push('*');
                }
            }
            TagEnd::Strikethrough => self.out.push('~'),
            TagEnd::Link | TagEnd::Image => self.link(),
            TagEnd::TableCell => {
                let cell = self.out.split_off(self.cell);
                if let Some(row) = self.rows.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.table(),
            _ => {}
        }
    }

    /// The link that ends: as mrkdwn writes it, read like every other.
    fn link(&mut self) {
        let Some((from, href)) = self.links.pop() else { return };
        let label = self.out.split_off(from);
        if !self.links.is_empty() || self.rows.is_some() {
            self.out.push_str(&label);
            return;
        }
        // `<https://…|label>` is a link of its own in Markdown, which was meant as mrkdwn's.
        let (href, label) = match href.split_once('|') {
            Some((address, words)) if label == href => (address.to_owned(), words.to_owned()),
            _ => (href, label),
        };
        let written = format!("<{}|{}>", super::escaped(&href), super::escaped(&label).replace('\n', " "));
        let read = from_mrkdwn(&written, self.ids, self.previews);
        self.out.push_str(&read);
    }

    /// Messages here have no tables: in columns of equal width, as code, it reads as one.
    fn table(&mut self) {
        let Some(rows) = self.rows.take() else { return };
        let width = |text: &str| text.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum::<usize>();
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|n| {
                rows.iter().filter_map(|row| row.get(n)).map(|cell| width(cell)).max().unwrap_or_default()
            })
            .collect();
        self.out.push_str("```");
        for row in &rows {
            self.line();
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide.saturating_sub(width(cell)))));
            let line = cells.collect::<Vec<_>>().join("  ");
            self.out.push_str(line.trim_end());
        }
        self.line();
        self.out.push_str("```");
    }
}

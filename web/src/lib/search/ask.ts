// What of a question a device can answer from what it holds: plain words and "phrases". Filters and -words
// are the server's, which reads the whole question (crates/madang-model/src/search/ask.rs).

const FILTER = /(^|\s)(from|in|has|before|after|on|보낸사람|보낸이|스페이스|첨부|이전|이후|날짜):\S|(^|\s)-\S/iu;

/** The words that must all stand in a text; null when the question asks for more than words. */
export function plainWords(question: string): string[] | null {
  if (FILTER.test(question)) return null;
  const words: string[] = [];
  for (const found of question.matchAll(/["“”„]([^"“”„]*)["“”„]?|(\S+)/gu)) {
    const word = (found[1] ?? found[2] ?? "").trim();
    if (/[\p{L}\p{N}]/u.test(word)) words.push(word);
  }
  return words;
}

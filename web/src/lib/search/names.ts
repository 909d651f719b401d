// Names by their initial consonants: ㅎㄱㅌ finds 회계팀. The rules are those of
// crates/madang-model/src/search/initials.rs; testing/vectors/search.json holds the two equal.
import { fold } from "./fold";

const LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FIRST = 0xac00;
const LAST = 0xd7a3;
/** Syllables with one initial consonant, and with one initial and one vowel. */
const PER_LEAD = 588;
const PER_VOWEL = 28;

const index = (char: string): number => {
  const code = char.codePointAt(0) ?? 0;
  return code >= FIRST && code <= LAST ? code - FIRST : -1;
};
const lead = (char: string): string | undefined => (index(char) < 0 ? undefined : LEADS[Math.floor(index(char) / PER_LEAD)]);

/** Whether a typed character may stand for one of a name; where typing stopped, a syllable may lack its end. */
function standsFor(typed: string, named: string, unfinished: boolean): boolean {
  if (typed === named) return true;
  if (LEADS.includes(typed)) return lead(named) === typed;
  const open = index(typed) >= 0 && index(typed) % PER_VOWEL === 0;
  return unfinished && open && index(named) >= 0 && Math.floor(index(typed) / PER_VOWEL) === Math.floor(index(named) / PER_VOWEL);
}

/** NFKC turns lone consonants into conjoining ones; they are compared as typed. Spaces do not count. */
const bare = (text: string): string[] =>
  [...text.normalize("NFC")].filter((char) => !/\s/u.test(char)).flatMap((char) => (/[ㄱ-ㅎ]/u.test(char) ? [char] : [...fold(char)]));

/** Whether `asked` finds `name`: as a part of it, by initial consonants, or by both mixed. */
export function matchesName(name: string, asked: string): boolean {
  const [there, typed] = [bare(name), bare(asked)];
  if (!typed.length || typed.length > there.length) return false;
  for (let at = 0; at + typed.length <= there.length; at += 1) {
    if (typed.every((char, n) => standsFor(char, there[at + n] ?? "", n === typed.length - 1))) return true;
  }
  return false;
}

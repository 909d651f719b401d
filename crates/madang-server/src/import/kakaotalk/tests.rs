use jiff::tz::TimeZone;
use madang_app::import::{Loss, OldMessage};

use super::read::{Chat, chat};
use super::text;

fn read(text: &str) -> Chat {
    chat(text, &TimeZone::get("Asia/Seoul").expect("Seoul has a time zone"))
}

fn said(messages: &[OldMessage]) -> Vec<(&str, &str, String)> {
    let zone = TimeZone::get("Asia/Seoul").expect("Seoul has a time zone");
    messages
        .iter()
        .map(|it| {
            let at = jiff::Timestamp::from_microsecond(it.at_us).expect("a time").to_zoned(zone.clone());
            (it.author.as_str(), it.text.as_str(), at.strftime("%Y-%m-%d %H:%M").to_string())
        })
        .collect()
}

#[test]
fn the_text_of_an_android_phone_is_read() {
    let chat = read(
        "신제품 TF 3 카카오톡 대화\n저장한 날짜 : 2024년 3월 6일 오전 9:00\n\n\n2024년 3월 5일 오후 2:31\n\
         2024년 3월 5일 오후 2:31, 나리 : 안녕하세요\n둘째 줄 : 그대로\n\n셋째 줄\n\
         2024년 3월 5일 오후 2:31, 준호 : 네\n2024년 3월 5일 오후 2:40, 미나님이 들어왔습니다.\n\
         2024년 3월 6일 오전 12:05, 회원님 : 늦었네요\n2024년 3월 6일 오후 12:05, 준호 : 삭제된 메시지입니다.\n",
    );
    assert_eq!(chat.room.as_deref(), Some("신제품 TF 3"));
    assert_eq!(
        said(&chat.messages),
        [
            ("나리", "안녕하세요\n둘째 줄 : 그대로\n\n셋째 줄", "2024-03-05 14:31".into()),
            ("준호", "네", "2024-03-05 14:31".into()),
            ("회원님", "늦었네요", "2024-03-06 00:05".into()),
        ]
    );
    assert!(chat.messages[0].at_us < chat.messages[1].at_us, "within a minute the order stays");
    let kinds: Vec<Loss> = chat.losses.iter().map(|it| it.0).collect();
    // The line with nothing but a time is the day's own.
    assert_eq!(kinds, [Loss::Notice, Loss::Notice, Loss::Removed]);
}

#[test]
fn the_text_of_an_iphone_is_read() {
    let chat = read(
        "Talk_2026.8.7 13:01-1.txt\n저장한 날짜 : 2026. 8. 7. 오후 11:01\n\n2026년 8월 7일 금요일\n\
         2026. 8. 7. 오후 1:01, 나리 : 사진 2장\n2026. 8. 7. 오후 1:02: 나리님이 준호님을 초대했습니다.\n\
         2026. 8. 7. 14:03, 준호 : 어 ㅋㅋ\n",
    );
    assert_eq!(chat.room, None);
    assert_eq!(
        said(&chat.messages),
        [("나리", "사진 2장", "2026-08-07 13:01".into()), ("준호", "어 ㅋㅋ", "2026-08-07 14:03".into())]
    );
    assert_eq!(chat.losses[1], (Loss::FileMissing, "사진 2장".into()));
}

#[test]
fn the_text_of_the_pc_is_read_in_both_languages() {
    let korean = read(
        "우리 팀 님과 카카오톡 대화\r\n저장한 날짜 : 2024-01-02 15:20:41\r\n\r\n\
         --------------- 2024년 1월 1일 월요일 ---------------\r\n[나리] [오후 3:20] 새해 복 [많이]\r\n받으세요\r\n\
         준호님이 나갔습니다.\r\n[[팀장] 미나] [오전 12:00] 네\r\n--------------- 2024년 1월 2일 화요일 ---------------\r\n\
         [나리] [오전 11:05] 파일: 계획.pdf\r\n",
    );
    assert_eq!(korean.room.as_deref(), Some("우리 팀"));
    assert_eq!(
        said(&korean.messages),
        [
            ("나리", "새해 복 [많이]\n받으세요", "2024-01-01 15:20".into()),
            ("[팀장] 미나", "네", "2024-01-01 00:00".into()),
            ("나리", "파일: 계획.pdf", "2024-01-02 11:05".into()),
        ]
    );
    let english = read(
        "KakaoTalk Chats with Launch\nDate Saved : 2024-03-05 15:20:41\n\n\
         --------------- Tuesday, March 5, 2024 ---------------\n[Nari] [2:31 PM] Hello\n[Joon] [12:10 AM] early\n",
    );
    assert_eq!(english.room.as_deref(), Some("Launch"));
    assert_eq!(
        said(&english.messages),
        [("Nari", "Hello", "2024-03-05 14:31".into()), ("Joon", "early", "2024-03-05 00:10".into())]
    );
}

#[test]
fn english_phones_and_the_mac_are_read() {
    let phone = read(
        "March 5, 2024, 2:31 PM, Nari : a : b\nMar 5, 2024 at 14:32, Joon : ok\nMar 5, 2024 at 14:33, Mina joined.\n",
    );
    assert_eq!(
        said(&phone.messages),
        [("Nari", "a : b", "2024-03-05 14:31".into()), ("Joon", "ok", "2024-03-05 14:32".into())]
    );
    let mac = read(
        "Date,User,Message\n2026-02-06 00:00:58,\"나리\",\"쉼표, 따옴표 \"\"이렇게\"\"\n둘째 줄\"\nnonsense\n2026-02-06 00:01:20,\"준호\",\"아\"\n",
    );
    assert_eq!(
        said(&mac.messages),
        [
            ("나리", "쉼표, 따옴표 \"이렇게\"\n둘째 줄", "2026-02-06 00:00".into()),
            ("준호", "아", "2026-02-06 00:01".into()),
        ]
    );
    assert_eq!(mac.losses, [(Loss::Unreadable, "nonsense".into())]);
}

#[test]
fn a_day_that_no_calendar_has_is_text() {
    let chat = read("2024년 3월 5일 오후 2:31, 나리 : 언제?\n2024년 13월 45일 오후 2:31, 준호 : 이때\n");
    assert_eq!(chat.messages.len(), 1);
    assert!(chat.messages[0].text.ends_with("준호 : 이때"));
}

#[test]
fn every_encoding_that_was_ever_written_is_read() {
    let words = "나리 : 안녕";
    assert_eq!(text(words.as_bytes()).expect("UTF-8"), words);
    assert_eq!(text(format!("\u{feff}{words}").as_bytes()).expect("with its mark"), words);
    let wide: Vec<u8> = [0xfeff].into_iter().chain(words.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(&wide).expect("UTF-16"), words);
    assert_eq!(text(&encoding_rs::EUC_KR.encode(words).0).expect("CP949"), words);
    assert!(text(&[0xff, 0x00, 0xfe, 0x80]).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,200}", line in "[0-9년월일. 오전후:,\\[\\] -]{0,60}") {
        read(&format!("{text}\n{line}\n{text}"));
    }
}

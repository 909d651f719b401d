//! The words of refusals and faults for people, in Korean and English.
//!
//! One table, keyed by the refusal. What is so and what to do; never blame.

use madang_model::Refusal;
use madang_model::refusal::Thing;

/// The languages of the house.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Korean,
}

impl Language {
    /// Chooses from an `Accept-Language` header (RFC 9110, 12.5.4): the first
    /// of our two that is named with a weight above nothing.
    pub fn choose(header: Option<&str>) -> Language {
        let mut best = (0.0, Language::English);
        for part in header.unwrap_or_default().split(',') {
            let mut fields = part.trim().split(';');
            let tag = fields.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight: f32 = fields
                .find_map(|field| field.trim().strip_prefix("q=").and_then(|q| q.parse().ok()))
                .unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("ko") => Language::Korean,
                Some("en") => Language::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// As it is kept: "ko" or "en".
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Korean => "ko",
        }
    }
}

/// The sentence for a refusal.
pub fn refusal(refusal: &Refusal, language: Language) -> String {
    match language {
        Language::English => english(refusal),
        Language::Korean => korean(refusal),
    }
}

fn english(refusal: &Refusal) -> String {
    if let Refusal::TooLarge { limit } = refusal {
        return format!("This is too large: at most {}.", size(*limit));
    }
    if let Refusal::TooMuchUnfinished { limit } = refusal {
        let limit = size(*limit);
        return format!(
            "Your unfinished uploads would be more than {limit} together. Let some finish or cancel them, then try again."
        );
    }
    let text = refusal.to_string();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => text,
    }
}

fn korean(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotSignedIn => "먼저 로그인해 주세요.".into(),
        Refusal::NotFound(thing) => format!("{} 찾을 수 없거나 볼 권한이 없어요.", thing_korean(*thing)),
        Refusal::NotAMember => "이 스페이스에 참여하고 있지 않아요.".into(),
        Refusal::NotAllowed(role) => format!("{} 권한이 필요해요.", role_korean(role)),
        Refusal::NotInTeam => "이 팀에 속한 사람과 관리자만 팀에 스페이스를 넣거나 뺄 수 있어요.".into(),
        Refusal::SpaceArchived => "보관된 스페이스예요. 먼저 보관을 해제해 주세요.".into(),
        Refusal::SpaceDeleted => "삭제된 스페이스예요. 먼저 되살려 주세요.".into(),
        Refusal::UndoOver => "되살릴 수 있는 기간이 지났어요.".into(),
        Refusal::MessageRemoved => "삭제된 메시지예요.".into(),
        Refusal::NotTheAuthor => "쓴 사람만 메시지를 수정할 수 있어요.".into(),
        Refusal::Empty => "내용이나 파일을 넣어 주세요.".into(),
        Refusal::TooLong { what, limit } => {
            format!("{} 너무 길어요. 최대 {limit}자예요.", what_korean(what, true))
        }
        Refusal::TooMany { what, limit } => {
            format!("{} 너무 많아요. 최대 {limit}개예요.", what_korean(what, true))
        }
        Refusal::Invalid { what, .. } => format!("{} 올바르지 않아요.", what_korean(what, true)),
        Refusal::NotARoot => "댓글에는 다시 댓글을 달 수 없어요. 원글에 달아 주세요.".into(),
        Refusal::EveryoneNotAllowed => "이 크기의 스페이스에서는 호스트만 모두를 부를 수 있어요.".into(),
        Refusal::DirectIsFixed => "1:1 대화의 사람은 바꿀 수 없어요. 새 스페이스를 만들어 주세요.".into(),
        Refusal::AlreadyIn => "이미 참여하고 있어요.".into(),
        Refusal::LastOwner => "마지막 소유자예요. 먼저 다른 사람을 소유자로 정해 주세요.".into(),
        Refusal::Deactivated => {
            "사용이 중지된 사람이에요. 관리의 사람에서 다시 사용할 수 있게 해 주세요.".into()
        }
        Refusal::EmailTaken => "이미 쓰이는 이메일 주소예요.".into(),
        Refusal::WrongCredentials => "이메일 주소나 비밀번호가 맞지 않아요.".into(),
        Refusal::WeakPassword(why) => weak_password_korean(why).into(),
        Refusal::LinkInvalid => "더 이상 쓸 수 없는 링크예요. 새 링크를 받아 주세요.".into(),
        Refusal::AlreadySetUp => "이미 시작된 마당이에요. 로그인해 주세요.".into(),
        Refusal::NotSetUp => "아직 시작되지 않은 마당이에요. 먼저 설정해 주세요.".into(),
        Refusal::ReceiptsOff => "사람이 많은 스페이스에서는 읽음 표시를 하지 않아요.".into(),
        Refusal::FileNotUsable => "여기에 쓸 수 없는 파일이에요. 다시 올려 주세요.".into(),
        Refusal::ClientIdReused => "같은 client_id가 다른 곳에 쓰였어요.".into(),
        Refusal::TooFast { seconds } => format!("요청이 너무 많아요. {seconds}초 뒤에 다시 해 주세요."),
        Refusal::UploadMoved { .. } => "업로드 위치가 맞지 않아요. 이어서 다시 올려 주세요.".into(),
        Refusal::UploadBusy => "이미 올라가고 있는 파일이에요. 잠시 뒤 이어서 올려 주세요.".into(),
        Refusal::TooLarge { limit } => format!("너무 커요. {}까지 올릴 수 있어요.", size(*limit)),
        Refusal::TooMuchUnfinished { limit } => format!(
            "올리다 만 파일이 모두 합쳐 {}를 넘게 돼요. 올리던 것을 마치거나 취소한 뒤 다시 해 주세요.",
            size(*limit)
        ),
        Refusal::ExportUnderway => {
            "데이터 내보내기가 이미 진행 중이에요. 끝날 때까지 기다리거나 멈춰 주세요.".into()
        }
        Refusal::NoSuchCard => "이 메시지에는 그렇게 답할 것이 없어요.".into(),
        Refusal::PollClosed => "끝난 투표예요.".into(),
        Refusal::CardIsFixed => {
            "투표와 할 일 목록의 내용은 고칠 수 없어요. 지우고 새로 만들어 주세요.".into()
        }
        Refusal::NoTranslation => {
            "번역이 켜져 있지 않아요. 서버 관리자가 --translate-url로 번역 서비스를 정할 수 있어요.".into()
        }
        Refusal::NotTranslated(_) => "번역 서비스가 번역하지 못했어요. 잠시 뒤 다시 해 주세요.".into(),
        Refusal::MailIsFixed => {
            "메일 서버는 마당을 시작할 때(--mail-url) 정해져 있어요. 그곳에서 바꿔 주세요.".into()
        }
        Refusal::CallsOff => "통화가 꺼져 있어요. 서버 관리자가 --media-listen으로 켤 수 있어요.".into(),
        Refusal::CallOver => "끝난 통화예요. 다시 걸어 주세요.".into(),
        Refusal::ParticipantGone => "이 기기는 통화에서 나갔어요. 다시 참여해 주세요.".into(),
        Refusal::WaitingRoom => "잠시 기다려 주세요. 통화 중인 사람이 들여보내 줄 거예요.".into(),
        Refusal::MeetingCancelled => "취소된 회의예요.".into(),
        Refusal::CallLocked => "잠긴 통화예요. 통화 중인 사람에게 열어 달라고 해 주세요.".into(),
        Refusal::CallSealed => {
            "종단간 암호화된 통화예요. 이 브라우저로는 참여할 수 없어요. 최신 Chrome, Edge, Firefox, Safari에서 참여해 주세요.".into()
        }
        Refusal::NoCall => "이 스페이스에 진행 중인 통화가 없어요. 통화를 시작한 뒤 연결해 주세요.".into(),
        Refusal::StreamUnknown => {
            "이 토큰으로는 들어올 수 없어요. 통화의 더 보기에서 프로그램 연결을 눌러 새로 만들어 주세요.".into()
        }
        Refusal::OffInSealedCall => {
            "종단간 암호화된 통화에서는 쓸 수 없어요. 서버가 내용을 듣거나 볼 수 없기 때문이에요.".into()
        }
        Refusal::KeysStale => "그 사이 들어오거나 나간 사람이 있어요. 지금 있는 사람들의 키를 다시 만들어 주세요.".into(),
        Refusal::RecordingOff => {
            "여기서는 통화를 녹화하지 않아요. 워크스페이스 관리자가 설정에서 허용할 수 있어요.".into()
        }
        Refusal::BookingOff => "지금은 예약을 받지 않는 페이지예요.".into(),
        Refusal::SlotTaken => "그 사이 다른 분이 이 시간을 예약했어요. 다른 시간을 골라 주세요.".into(),
        Refusal::BookingOver => "이미 끝났거나 취소된 예약이에요.".into(),
        Refusal::DeskEnded => "없어진 데스크예요.".into(),
        Refusal::DeskFull => "기다리는 분이 너무 많아요. 잠시 뒤 다시 오시거나 메시지를 남겨 주세요.".into(),
        Refusal::TicketTaken => "이미 다른 사람이 돕고 있어요.".into(),
        Refusal::TicketClosed => "끝난 상담이에요. 먼저 다시 열어 주세요.".into(),
        Refusal::OfferOver => "이미 지나간 요청이에요.".into(),
        Refusal::TicketIsFixed => {
            "상담은 보관하거나 삭제하거나 사람을 더할 수 없어요. 상담을 끝내거나 다른 담당에게 넘겨 주세요.".into()
        }
        Refusal::NoConsent => "손님이 허락하지 않은 일이에요.".into(),
        Refusal::NotOffered => "이 데스크에서는 할 수 없는 일이에요.".into(),
        Refusal::CodeWrong => "코드가 틀렸거나 이미 쓰였어요. 새 코드를 받아 주세요.".into(),
        Refusal::IdentityWrong => {
            "사이트가 알려 준 로그인 정보가 맞지 않아요. 페이지를 새로 고치거나 사이트에 알려 주세요.".into()
        }
        Refusal::IdentityOver => "사이트가 알려 준 로그인 정보가 오래됐어요. 페이지를 새로 고쳐 주세요.".into(),
        Refusal::KeptOut => "지금은 이곳에서 온 요청을 받지 않는 데스크예요.".into(),
        Refusal::ProofNeeded => "지금 찾는 분이 많아요. 먼저 이 기기가 프로그램이 아닌지 확인해야 해요.".into(),
        Refusal::AddressNeeded => "보낼 이메일 주소를 몰라요.".into(),
        Refusal::NoMail => "보낼 수 있는 메일이 없어요. 워크스페이스 관리자가 설정에서 메일 서버를 정할 수 있어요.".into(),
        Refusal::ForeignPage => "다른 사이트에서 보낸 요청이라 받지 않았어요.".into(),
        Refusal::WrongMethod(method) => format!("이 주소는 {method} 요청을 받지 않아요."),
    }
}

/// A number of bytes as people read it: the largest unit of which it holds at
/// least one, with one digit behind the point where it is not whole.
fn size(bytes: i64) -> String {
    const UNITS: [(&str, i64); 3] = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)];
    let Some((name, unit)) = UNITS.into_iter().find(|(_, unit)| bytes >= *unit) else {
        return format!("{bytes} B");
    };
    match (bytes % unit) * 10 / unit {
        0 => format!("{} {name}", bytes / unit),
        tenth => format!("{}.{tenth} {name}", bytes / unit),
    }
}

fn thing_korean(thing: Thing) -> &'static str {
    match thing {
        Thing::Space => "스페이스를",
        Thing::Message => "메시지를",
        Thing::Person => "사람을",
        Thing::File => "파일을",
        Thing::Upload => "업로드를",
        Thing::Team => "팀을",
        Thing::Session => "기기를",
        Thing::Invitation => "초대를",
        Thing::Link => "링크를",
        Thing::Export => "데이터 내보내기를",
        Thing::Call => "통화를",
        Thing::Meeting => "회의를",
        Thing::Recording => "녹화를",
        Thing::BookingPage => "예약 페이지를",
        Thing::Booking => "예약을",
        Thing::Bookmark => "북마크를",
        Thing::Calendar => "캘린더를",
        Thing::Desk => "데스크를",
        Thing::Ticket => "상담을",
        Thing::Contact => "고객을",
        Thing::Note => "메모를",
        Thing::Webhook => "웹훅을",
        Thing::App => "앱을",
        Thing::Delivery => "전달 내역을",
        Thing::Workspace => "워크스페이스를",
        Thing::Register => "설정을",
        Thing::Route => "API 주소를",
    }
}

fn role_korean(role: &str) -> &'static str {
    match role {
        "owner" => "소유자",
        "admin" => "관리자",
        "host" => "호스트",
        "agent" => "담당",
        "visitor" => "손님",
        _ => "멤버",
    }
}

fn what_korean(what: &str, subject: bool) -> String {
    let noun = match what {
        "the message" => "메시지",
        "the name" | "name" => "이름",
        "the description" => "설명",
        "the draft" => "쓰던 글",
        "files" => "파일",
        "desks" => "데스크",
        "booking pages" => "예약 페이지",
        "bookings" => "예약",
        "takers" => "예약을 받는 사람",
        "calendars" => "캘린더",
        "calendar address" => "캘린더 주소",
        "the words about it" => "소개",
        "the note" => "남긴 말",
        "every_minutes" | "before_minutes" | "after_minutes" | "notice_minutes" => "시간",
        "horizon_days" => "예약을 받는 기간",
        "per_day" => "하루 예약 수",
        "contact" => "고객 정보",
        "the phone number" => "전화번호",
        "the company" => "회사",
        "external id" | "the external id" => "외부 식별자",
        "attributes" | "an attribute" | "the name of an attribute" => "항목",
        "a tag" => "태그",
        "notes" => "메모",
        "consents" | "consent" | "what is agreed to" => "동의",
        "the words" => "동의한 내용",
        "webhooks" => "웹훅",
        "events" => "알릴 일",
        "address" | "the address" => "주소",
        "file" => "파일",
        "the line" => "줄",
        "lines of the file" => "파일의 줄",
        "agents" => "담당",
        "tags" => "태그",
        "the subject" => "제목",
        "the comment" => "의견",
        "stars" => "별점",
        "skills" => "전문 분야",
        "origins" => "사이트 주소",
        "masks" => "가릴 곳",
        "languages" => "언어",
        "canned answers" | "the canned answer" => "자주 쓰는 답",
        "the words for closed hours" => "닫힌 시간의 안내",
        "unfinished uploads" => "올리다 만 파일",
        "mentions" => "멘션",
        "people" => "사람",
        "pinned messages" => "고정한 메시지",
        "bookmarks" => "북마크",
        "the link" | "link" => "링크",
        "saved messages" => "나중에 볼 메시지",
        "scheduled messages" => "예약한 메시지",
        "at" | "remind_at" => "시각",
        "the question" => "질문",
        "the title" => "제목",
        "the option" | "options" => "선택지",
        "the item" => "할 일",
        "lines" => "항목",
        "exports" => "데이터 내보내기",
        "calls" => "통화",
        "meetings" => "회의",
        "changed meetings" => "따로 바꾼 회의",
        "guests" => "손님",
        "title" => "제목",
        "start" => "시작 시각",
        "occurrence" => "바꿀 회의",
        "zone" => "시간대",
        "minutes" => "회의 길이",
        "repeat" => "반복 규칙",
        "remind" => "미리 알림",
        "tokens" => "토큰",
        "people in the call" => "통화하는 사람",
        "the offer" => "연결 제안",
        "kinds of reaction" => "반응 종류",
        "e-mail address" => "이메일 주소",
        "emoji" => "이모지",
        "kind" => "종류",
        "password" => "비밀번호",
        "the welcome" => "환영하는 글",
        "largest_file" => "가장 큰 파일",
        "expires_in" => "링크 유효 기간",
        "uses" => "링크 사용 횟수",
        "create_spaces" | "invite_guests" => "권한",
        "involvement" => "알림",
        "push_contact" => "연락처",
        "host" => "메일 서버",
        "port" => "포트",
        "security" => "보안",
        "account" => "계정",
        "from" => "보내는 사람",
        other => other,
    };
    if !subject {
        return noun.to_owned();
    }
    format!("{noun}{}", if ends_in_consonant(noun) { "이" } else { "가" })
}

/// Whether the last syllable has a final consonant, which decides 이 or 가.
fn ends_in_consonant(noun: &str) -> bool {
    match noun.chars().last() {
        Some(last @ '가'..='힣') => !(last as u32 - '가' as u32).is_multiple_of(28),
        _ => false,
    }
}

fn weak_password_korean(why: &str) -> &'static str {
    match why {
        "use at least 10 characters" => "비밀번호는 10자 이상이어야 해요.",
        _ => "짐작하기 쉬운 비밀번호예요. 다른 것을 골라 주세요.",
    }
}

/// The sentence for something broken.
pub fn fault(code: &str, language: Language) -> String {
    match (code, language) {
        ("disk_full", Language::English) => "The server's disk is full. Nothing is lost; try again later.",
        ("disk_full", Language::Korean) => "서버의 저장 공간이 가득 찼어요. 잃은 것은 없으니 나중에 다시 해 주세요.",
        ("busy", Language::English) => "The server is busy. Try again in a moment.",
        ("busy", Language::Korean) => "서버가 바빠요. 잠시 뒤 다시 해 주세요.",
        (_, Language::English) => "Something broke on the server. Try again; if it stays, give the incident number to your administrator.",
        (_, Language::Korean) => "서버에 문제가 생겼어요. 다시 해 보고, 계속되면 사고 번호를 관리자에게 알려 주세요.",
    }
    .to_owned()
}

/// The sentence for a token that was not made for this.
pub fn missing_scope(needed: &str, there: &[String], language: Language) -> String {
    let there = if there.is_empty() { "-".to_owned() } else { there.join(", ") };
    match language {
        Language::English => {
            format!(
                "This token lacks {needed}; it has: {there}. Ask whoever gave it to you for one that has it."
            )
        }
        Language::Korean => {
            format!(
                "이 토큰에는 {needed} 권한이 없어요. 있는 것: {there}. 토큰을 준 사람에게 이 권한이 있는 것을 받으세요."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_greater_weight_is_chosen() {
        assert_eq!(Language::choose(Some("ko-KR,ko;q=0.9,en;q=0.8")), Language::Korean);
        assert_eq!(Language::choose(Some("ko;q=0.3, en-GB;q=0.7")), Language::English);
        assert_eq!(Language::choose(Some("fr, de;q=0.5")), Language::English);
        assert_eq!(Language::choose(None), Language::English);
    }

    #[test]
    fn a_limit_is_told_in_units_that_people_know() {
        assert_eq!(english(&Refusal::TooLarge { limit: 2 << 30 }), "This is too large: at most 2 GB.");
        assert_eq!(korean(&Refusal::TooLarge { limit: 1_610_612 }), "너무 커요. 1.5 MB까지 올릴 수 있어요.");
        assert_eq!(size(1_000), "1000 B");
    }

    #[test]
    fn korean_particles_follow_the_noun() {
        let too_long = Refusal::TooLong { what: "the name", limit: 80 };
        assert_eq!(korean(&too_long), "이름이 너무 길어요. 최대 80자예요.");
        let invalid = Refusal::Invalid { what: "e-mail address", why: String::new() };
        assert_eq!(korean(&invalid), "이메일 주소가 올바르지 않아요.");
    }
}

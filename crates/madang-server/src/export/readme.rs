//! What stands beside an export for whoever opens it.

/// The text of `README.txt` in an export of the house.
pub fn house(private: bool) -> String {
    let (en, ko) = if private {
        (
            "Closed spaces and direct conversations are in it. Everybody in them was told there.",
            "비공개 스페이스와 1:1 대화도 들어 있습니다. 그 대화에 있는 사람들에게 대화 안에서 알렸습니다.",
        )
    } else {
        (
            "Only open spaces are in it. Closed spaces and direct conversations were left out.",
            "공개 스페이스만 들어 있습니다. 비공개 스페이스와 1:1 대화는 넣지 않았습니다.",
        )
    };
    format!("{}\n{en}\n\n\n{}\n{ko}\n", HOUSE_EN.trim(), HOUSE_KO.trim())
}

/// The text of `README.txt` beside somebody's own data.
pub const OWN: &str = "\
What this house holds of you (Madang)

data.jsonl   One JSON object a line: you, your devices, tokens (without their
             secrets), settings, spaces, drafts, saved and scheduled messages,
             reminders, and every message you wrote.
files/       What you uploaded: files/<id>/<name>. A message names its files
             by id.

Times are microseconds since 1970-01-01 UTC.


이 마당에 있는 내 데이터

data.jsonl   한 줄에 JSON 하나: 나, 기기, 토큰(비밀 값 제외), 설정, 스페이스,
             임시 저장한 글, 나중에 볼 메시지, 예약한 메시지, 알림, 내가 쓴
             모든 메시지.
files/       내가 올린 파일: files/<id>/<이름>. 메시지는 파일을 id로
             가리킵니다.

시각은 1970-01-01 UTC부터 센 마이크로초입니다.
";

const HOUSE_EN: &str = "
An export of a workspace (Madang)

workspace.json              The workspace, its teams, how long messages are
                            kept, when and by whom this was written.
people.jsonl                One person a line: everybody who ever was here.
                            No passwords, no tokens. Who was erased has no
                            name.
spaces/<id>/space.json      A space: its kind, name, members, pins and bookmarks.
spaces/<id>/messages.jsonl  What was said there, one row a line, oldest
                            first, as the API gives it: text as it reads now,
                            author, time, thread, files, reactions, polls and
                            checklists. Removed messages stand there as
                            removed, without their words.
files/<id>/<name>           Contents of files. A message names its files by
                            id; so do people and spaces their pictures.
desks.json                  The help desks: settings, hours, who stands there.
audit.jsonl                 The audit log, newest first.
missing.json                Only if contents were not to be found: which.

Times are microseconds since 1970-01-01 UTC. Each space reads as it stood when
it was written here; the workspace was in use meanwhile. Drafts, saved and
scheduled messages and the answers in anonymous polls belong to their people
and are not in it. This file is no backup: `madang backup` makes one.
";

const HOUSE_KO: &str = "
워크스페이스 내보내기 (마당)

workspace.json              워크스페이스, 팀, 메시지 보관 기간, 누가 언제
                            내보냈는지.
people.jsonl                한 줄에 한 사람: 지금까지 있었던 모든 사람.
                            비밀번호와 토큰은 없습니다. 지워진 사람은 이름이
                            없습니다.
spaces/<id>/space.json      스페이스: 종류, 이름, 멤버, 고정한 메시지.
spaces/<id>/messages.jsonl  그곳에서 오간 말. 한 줄에 하나씩 오래된 것부터,
                            API가 주는 모양 그대로: 지금의 본문, 쓴 사람,
                            시각, 댓글, 파일, 반응, 투표와 할 일. 삭제된
                            메시지는 내용 없이 삭제됨으로 남아 있습니다.
files/<id>/<이름>           파일 내용. 메시지는 파일을, 사람과 스페이스는
                            사진을 id로 가리킵니다.
desks.json                  데스크: 설정, 여는 시간, 담당.
audit.jsonl                 감사 기록, 최신순.
missing.json                찾지 못한 파일이 있을 때만: 그 목록.

시각은 1970-01-01 UTC부터 센 마이크로초입니다. 스페이스마다 여기에 쓰인 순간의
모습이며, 그동안에도 워크스페이스는 쓰이고 있었습니다. 임시 저장한 글, 나중에 볼
메시지, 예약한 메시지, 익명 투표의 답은 각자의 것이라 들어 있지 않습니다. 이
파일은 백업이 아닙니다. 백업은 `madang backup`으로 만듭니다.
";

//! What recordings and their files are called, in the language of whoever wished for them.

use crate::calls::Source;

pub(super) fn somebody(korean: bool) -> &'static str {
    if korean { "누군가" } else { "Somebody" }
}

pub(super) fn source(source: Source, korean: bool) -> &'static str {
    match (source, korean) {
        (Source::Microphone, true) => "마이크",
        (Source::Camera, true) => "카메라",
        (Source::Screen, true) => "화면",
        (Source::ScreenAudio, true) => "화면 소리",
        (Source::Microphone, false) => "microphone",
        (Source::Camera, false) => "camera",
        (Source::Screen, false) => "screen",
        (Source::ScreenAudio, false) => "screen sound",
    }
}

/// The text of the message with its files.
pub(super) fn message(lasted_ms: i64, korean: bool) -> String {
    let long = length(lasted_ms, korean);
    if korean { format!("통화 녹화 ({long})") } else { format!("Recording of the call ({long})") }
}

/// The text of the message with the film.
pub(super) fn film(lasted_ms: i64, korean: bool) -> String {
    let long = length(lasted_ms, korean);
    if korean {
        format!("통화 녹화, 영상 하나로 ({long})")
    } else {
        format!("The call in one video ({long})")
    }
}

/// The name of the film, without what kind of file it is.
pub(super) fn film_file(korean: bool) -> &'static str {
    if korean { "통화" } else { "call" }
}

fn length(ms: i64, korean: bool) -> String {
    let seconds = (ms + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, korean) {
        (0, 0, true) => format!("{seconds}초"),
        (0, _, true) => format!("{minutes}분 {seconds}초"),
        (_, _, true) => format!("{hours}시간 {minutes}분"),
        (0, 0, false) => format!("{seconds} s"),
        (0, _, false) => format!("{minutes} min {seconds} s"),
        (_, _, false) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_length_is_said_as_people_say_it() {
        for (ms, english, korean) in [
            (400, "0 s", "0초"),
            (59_499, "59 s", "59초"),
            (59_500, "1 min 0 s", "1분 0초"),
            (754_000, "12 min 34 s", "12분 34초"),
            (7_384_000, "2 h 3 min", "2시간 3분"),
        ] {
            assert_eq!((length(ms, false).as_str(), length(ms, true).as_str()), (english, korean));
        }
    }
}

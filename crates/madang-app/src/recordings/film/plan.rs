//! What ffmpeg is asked to do: everybody's pictures in a grid, each in its own place from beginning to end, and all
//! voices together.

use std::fmt::Write as _;

use madang_model::PersonId;

use super::super::{Story, Take};
use crate::calls::Source;

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
/// Frames a second.
const RATE: u32 = 25;
/// What has no place in a grid of five by five is heard and not seen.
const PLACES: usize = 25;

/// What the ffmpeg that is there can do.
#[derive(Debug, Clone, Default)]
pub struct Ability {
    pub x264: bool,
    pub aac: bool,
    /// A font in which names are written into the picture.
    pub font: Option<String>,
}

/// A run of ffmpeg, in the folder of the recording.
#[derive(Debug)]
pub struct Plan {
    pub arguments: Vec<String>,
    /// Files that it reads names from.
    pub texts: Vec<(String, String)>,
    pub output: String,
    /// The end of the name of what comes out.
    pub kind: &'static str,
}

/// Whose pictures are shown in one place.
type Place = (Option<PersonId>, Source);

impl Plan {
    pub fn new(story: &Story, able: &Ability) -> Plan {
        let pictures: Vec<(usize, &Take)> = of(story, true);
        let sounds: Vec<(usize, &Take)> = of(story, false);
        let mut plan = Plan { arguments: Vec::new(), texts: Vec::new(), output: String::new(), kind: "webm" };
        plan.say("-hide_banner -nostdin -loglevel error -nostats -progress pipe:1 -y");
        for take in &story.takes {
            // A picture whose size changes in the middle must not begin the whole graph again.
            plan.say("-reinit_filter 0 -itsoffset");
            plan.arguments.push(seconds(take.file.at_ms));
            plan.say("-i");
            plan.arguments.push(take.file.name.clone());
        }
        let mut graph = String::new();
        if !pictures.is_empty() {
            plan.draw(&mut graph, story, &pictures, able);
        }
        mix(&mut graph, &sounds);
        plan.say("-filter_complex_threads 1 -filter_complex");
        plan.arguments.push(graph);
        plan.write_to(story, !pictures.is_empty(), !sounds.is_empty(), able);
        plan
    }

    fn say(&mut self, words: &str) {
        self.arguments.extend(words.split(' ').map(str::to_owned));
    }

    fn draw(&mut self, graph: &mut String, story: &Story, pictures: &[(usize, &Take)], able: &Ability) {
        let mut places: Vec<Place> = Vec::new();
        for (_, take) in pictures {
            let place = place(take);
            if !places.contains(&place) && places.len() < PLACES {
                places.push(place);
            }
        }
        let columns = (1..=5).find(|side| side * side >= places.len()).unwrap_or(5) as u32;
        let rows = (places.len() as u32).div_ceil(columns);
        let (wide, tall) = ((WIDTH / columns) & !1, (HEIGHT / rows) & !1);
        let lasts = seconds(story.lasted_ms);
        let _ = write!(graph, "color=c=0x17181c:s={WIDTH}x{HEIGHT}:r={RATE}:d={lasts}[p0];");
        let mut layer = 0;
        for (input, take) in pictures {
            let Some(at) = places.iter().position(|it| *it == place(take)) else { continue };
            let (x, y) = (at as u32 % columns * wide, at as u32 / columns * tall);
            let turn = match take.file.rotation {
                90 => "transpose=1,",
                180 => "hflip,vflip,",
                270 => "transpose=2,",
                _ => "",
            };
            let _ = write!(
                graph,
                "[{input}:v]{turn}scale={wide}:{tall}:force_original_aspect_ratio=decrease:eval=frame,\
                 pad={wide}:{tall}:(ow-iw)/2:(oh-ih)/2:color=0x17181c:eval=frame,setsar=1"
            );
            if let Some(font) = &able.font {
                let file = format!("name-{input}.txt");
                let _ = write!(
                    graph,
                    ",drawtext=fontfile={font}:textfile={file}:expansion=none:x=12:y=h-th-12:\
                     fontsize={}:fontcolor=white:box=1:boxcolor=black@0.55:boxborderw=6",
                    (tall / 20).clamp(14, 28)
                );
                self.texts.push((file, take.who.clone()));
            }
            let shown = shown(take, story.lasted_ms);
            let next = layer + 1;
            let _ = write!(
                graph,
                "[v{input}];[p{layer}][v{input}]overlay={x}:{y}:eof_action=pass:enable='{shown}'[p{next}];"
            );
            layer = next;
        }
        let _ = write!(graph, "[p{layer}]format=yuv420p[picture];");
    }

    fn write_to(&mut self, story: &Story, seen: bool, heard: bool, able: &Ability) {
        if seen {
            self.say("-map [picture]");
            self.say(match able.x264 {
                true => "-c:v libx264 -preset veryfast -crf 26 -threads 2",
                false => "-c:v libvpx -deadline realtime -cpu-used 5 -b:v 1500k -threads 2",
            });
        }
        let mp4 = (able.x264 || !seen) && able.aac;
        if heard {
            self.say("-map [sound]");
            self.say(if mp4 { "-c:a aac -b:a 128k" } else { "-c:a libopus -b:a 96k" });
        }
        self.kind = match (mp4, seen) {
            (true, true) => "mp4",
            (true, false) => "m4a",
            // H.264 beside Opus.
            (false, true) if able.x264 => "mkv",
            _ => "webm",
        };
        if mp4 {
            self.say("-movflags +faststart");
        }
        self.say("-t");
        self.arguments.push(seconds(story.lasted_ms));
        self.output = format!("film.{}", self.kind);
        self.arguments.push(self.output.clone());
    }
}

/// The takes of pictures or of sounds, by their number among all.
fn of(story: &Story, pictures: bool) -> Vec<(usize, &Take)> {
    story.takes.iter().enumerate().filter(|(_, take)| take.file.size.is_some() == pictures).collect()
}

fn place(take: &Take) -> Place {
    (take.person, take.file.track.1)
}

/// While it comes and is not off.
fn shown(take: &Take, lasted_ms: i64) -> String {
    let (from, until) = (take.file.at_ms, (take.file.at_ms + take.file.lasted_ms).min(lasted_ms));
    let mut shown = format!("between(t,{},{})", seconds(from), seconds(until));
    for (from, until) in take.file.muted.iter().filter(|(from, until)| until > from) {
        let _ = write!(shown, "*not(between(t,{},{}))", seconds(*from), seconds(*until));
    }
    shown
}

/// Voices at their time: what is missing is silence.
fn mix(graph: &mut String, sounds: &[(usize, &Take)]) {
    for (input, _) in sounds {
        let _ = write!(graph, "[{input}:a]aresample=48000:async=1:first_pts=0[s{input}];");
    }
    let inputs: String = sounds.iter().map(|(input, _)| format!("[s{input}]")).collect();
    if !sounds.is_empty() {
        let count = sounds.len();
        let _ = write!(
            graph,
            "{inputs}amix=inputs={count}:duration=longest:dropout_transition=0:normalize=0,alimiter[sound];"
        );
    }
    // The last part needs no end.
    graph.pop();
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use madang_model::{CallId, ParticipantId, RecordingId, SpaceId};
    use madang_store::recordings::RecordingRecord;

    use super::*;
    use crate::calls::RecordedFile;

    fn take(place: i64, source: Source, at_ms: i64, rotation: u16) -> Take {
        let picture = matches!(source, Source::Camera | Source::Screen);
        Take {
            name: String::new(),
            person: Some(PersonId(place)),
            who: format!("사람 {place}: 'it' %{{n}}"),
            file: RecordedFile {
                name: format!("{place}.webm"),
                track: (ParticipantId(place), source),
                codec: if picture { "vp8" } else { "opus" },
                at_ms,
                lasted_ms: 9_000,
                bytes: 1,
                size: picture.then_some((640, 360)),
                rotation,
                muted: vec![(3_000, 4_500), (6_000, 6_000)],
            },
        }
    }

    fn plan(takes: Vec<Take>, able: &Ability) -> Plan {
        let recording = RecordingRecord {
            id: RecordingId(1),
            call: CallId(2),
            space: SpaceId(3),
            started_by: PersonId(1),
            started_at: 0,
            people: Vec::new(),
            state: "kept".into(),
            why: None,
            lasted_us: None,
            message: None,
            film: None,
        };
        Plan::new(
            &Story { recording, why: "asked".into(), lasted_ms: 10_000, takes, speakers: Vec::new() },
            able,
        )
    }

    fn graph(plan: &Plan) -> &str {
        let at = plan.arguments.iter().position(|it| it == "-filter_complex").expect("a graph");
        &plan.arguments[at + 1]
    }

    #[test]
    fn everybody_has_a_place_and_is_shown_while_they_are_seen() {
        let able = Ability { x264: true, aac: true, font: Some("/f.ttf".into()) };
        let takes = vec![
            take(1, Source::Camera, 0, 0),
            take(2, Source::Camera, 500, 90),
            take(1, Source::Microphone, 250, 0),
            take(3, Source::Camera, 0, 0),
            take(1, Source::Camera, 9_500, 0),
        ];
        let plan = plan(takes, &able);
        let graph = graph(&plan);
        // Three places in two columns; who comes again has theirs.
        for place in ["overlay=0:0:", "overlay=640:0:", "overlay=0:360:"] {
            assert!(graph.contains(place), "{place} in {graph}");
        }
        assert_eq!(graph.matches("overlay=0:0:").count(), 2);
        assert!(graph.contains("[1:v]transpose=1,scale=640:360"));
        assert!(graph.contains("between(t,0.500,9.500)*not(between(t,3.000,4.500))'"), "{graph}");
        assert!(graph.contains("[2:a]aresample") && graph.contains("amix=inputs=1:"));
        assert_eq!((plan.kind, plan.output.as_str()), ("mp4", "film.mp4"));
        // A name is read from a file, so that nothing in it is a word of the graph.
        assert!(!graph.contains("사람") && plan.texts.len() == 4);
        let offset = plan.arguments.iter().position(|it| it == "-itsoffset").expect("offsets");
        assert_eq!(plan.arguments[offset + 1], "0.000");
    }

    #[test]
    fn voices_alone_become_a_sound_and_without_a_font_nobody_is_named() {
        let able = Ability { x264: false, aac: false, font: None };
        let voices = plan(vec![take(1, Source::Microphone, 0, 0)], &able);
        assert_eq!(voices.kind, "webm");
        assert!(!voices.arguments.iter().any(|it| it == "[picture]"));
        let seen = plan(vec![take(1, Source::Screen, 0, 0)], &able);
        assert!(!graph(&seen).contains("drawtext") && seen.arguments.iter().any(|it| it == "libvpx"));
        assert!(!graph(&seen).ends_with(';'), "{}", graph(&seen));
    }
}

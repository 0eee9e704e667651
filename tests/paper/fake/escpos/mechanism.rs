//! What obeys the commands: a head, a roll, a knife, and two plugs for drawers.

use super::super::picture::Picture;
use super::code_pages::{self, CodePage};
use super::command::{Align, Command, Cut, Font, Qr};
use super::line::{LineBuffer, Style};
use super::qr::Symbol;
use super::real_time::RealTime;
use super::{At, Event, Page, Profile, Why};

/// Between two lines, until it is told otherwise.
const LINE: usize = 30;

/// How the next thing is printed; `ESC @` sets it back.
#[derive(Clone, Debug)]
struct State {
    style: Style,
    align: Align,
    is_chinese: bool,
    code_page: CodePage,
    line: usize,
    right_space: usize,
    units: (usize, usize),
    left_margin: usize,
    area: usize,
    tabs: Vec<usize>,
    barcode_height: usize,
    stored: Option<Picture>,
    qr: Symbol,
}

impl State {
    fn of(profile: &Profile) -> Self {
        Self {
            style: Style::default(),
            align: Align::Left,
            is_chinese: profile.begins_in_chinese,
            code_page: profile.code_pages.first().map_or(CodePage::Pc437, |(_, page)| *page),
            line: LINE,
            right_space: 0,
            units: profile.units,
            left_margin: 0,
            area: profile.dots,
            tabs: (1..=32).map(|stop| stop * 8 * 12).collect(),
            barcode_height: 162,
            stored: None,
            qr: Symbol::default(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Mechanism {
    pub profile: Profile,
    state: State,
    pub line: LineBuffer,
    /// What is printed behind the last cut.
    pub page: Page,
    pub pages: Vec<Page>,
    pub events: Vec<At<Event>>,
    /// Of paper, that went past the head.
    pub rows: usize,
    heeds_pulse: bool,
    heeds_power_off: bool,
}

impl Mechanism {
    pub fn new(profile: Profile) -> Self {
        Self {
            state: State::of(&profile),
            line: LineBuffer::default(),
            page: Page::new(profile.dots),
            pages: Vec::new(),
            events: Vec::new(),
            rows: 0,
            heeds_pulse: true,
            heeds_power_off: true,
            profile,
        }
    }

    fn tell(&mut self, offset: usize, what: Event) {
        self.events.push(At { offset, what });
    }

    /// Whether it obeys this where it comes upon it.
    pub fn heeds(&self, command: RealTime) -> bool {
        match command {
            RealTime::Pulse(_) => self.heeds_pulse,
            RealTime::PowerOff => self.heeds_power_off,
            _ => true,
        }
    }

    pub fn obey(&mut self, offset: usize, command: RealTime) {
        match command {
            RealTime::Pulse(pulse) => self.tell(offset, Event::Pulse(pulse)),
            RealTime::Forget | RealTime::Recover { forgetting: true } => self.forget(offset),
            _ => {}
        }
        self.tell(offset, Event::RealTime(command));
    }

    /// What waits in the line, and what is stored, is no more.
    pub fn forget(&mut self, offset: usize) {
        let lost = std::mem::take(&mut self.line).text();
        if !lost.is_empty() {
            self.tell(offset, Event::Lost(lost));
        }
        self.state.stored = None;
    }

    /// As after it is switched on. What is on the paper stays there.
    pub fn initialise(&mut self, offset: usize) {
        self.forget(offset);
        self.state = State::of(&self.profile);
    }

    pub fn run(&mut self, offset: usize, command: Command) -> Result<(), Why> {
        match command {
            Command::Initialise => {
                self.initialise(offset);
                self.tell(offset, Event::Initialised);
            }
            Command::Raster(picture) => {
                self.at_line_start()?;
                self.print_picture(offset, &picture)?;
            }
            Command::Store(picture) => {
                if self.state.stored.replace(picture).is_some() {
                    return Err(Why::StoredTwice);
                }
            }
            Command::PrintStored => {
                self.at_line_start()?;
                let picture = self.state.stored.take().ok_or(Why::NothingStored)?;
                self.print_picture(offset, &picture)?;
            }
            Command::Cut(cut) => self.cut(offset, cut)?,
            Command::Pulse(pulse) => self.tell(offset, Event::Pulse(pulse)),
            Command::Buzz(buzz) => self.tell(offset, Event::Buzz(buzz)),
            Command::Qr(part) => self.qr(offset, part)?,
            Command::Barcode { data, .. } => {
                self.at_line_start()?;
                let text = String::from_utf8_lossy(&data).into_owned();
                self.feed(self.state.barcode_height);
                self.page.codes.push(text.clone());
                self.tell(offset, Event::Barcode(text));
            }
            Command::Ask(ask) => self.tell(offset, Event::Asked(ask)),
            Command::Heed { pulse, power_off } => {
                self.heeds_pulse = pulse.unwrap_or(self.heeds_pulse);
                self.heeds_power_off = power_off.unwrap_or(self.heeds_power_off);
            }
            Command::RealTime(command) => self.obey(offset, command),
            Command::Nothing => {}
            other => return self.write(offset, other),
        }
        Ok(())
    }

    /// What is about characters and where they stand.
    fn write(&mut self, offset: usize, command: Command) -> Result<(), Why> {
        match command {
            Command::Text(bytes) => return self.text(offset, &bytes),
            Command::LineFeed => self.end_line(offset, self.state.line),
            // Only a parallel cable makes it more than nothing.
            Command::CarriageReturn => {}
            Command::FeedUnits(n) => self.end_line(offset, self.down(n.into())),
            Command::FeedLines(n) => self.end_line(offset, self.state.line * usize::from(n)),
            Command::Tab => {
                let stop = self.state.tabs.iter().find(|stop| **stop > self.line.x);
                self.line.x = stop.copied().unwrap_or(self.line.x);
            }
            Command::TabStops(columns) => {
                let width = self.state.style.size().0 + self.state.right_space;
                self.state.tabs = columns.iter().map(|n| usize::from(*n) * width).collect();
            }
            Command::MoveTo(n) => self.line.x = self.across(n.into()),
            Command::MoveBy(n) => {
                let by = self.across(n.unsigned_abs().into());
                self.line.x = if n < 0 {
                    self.line.x.saturating_sub(by)
                } else {
                    (self.line.x + by).min(self.state.area)
                };
            }
            Command::Band(picture) => {
                let room = self.state.area.saturating_sub(self.line.x);
                let width = picture.width();
                self.line.put_picture(picture);
                if width > room {
                    return Err(Why::SticksOut { width, room });
                }
            }
            other => return self.set(other),
        }
        Ok(())
    }

    fn set(&mut self, command: Command) -> Result<(), Why> {
        let style = &mut self.state.style;
        match command {
            Command::PrintMode(n) => {
                style.font = if n & 1 == 0 { Font::A } else { Font::B };
                style.is_bold = n & 0x08 != 0;
                style.down = if n & 0x10 == 0 { 1 } else { 2 };
                style.across = if n & 0x20 == 0 { 1 } else { 2 };
                style.underline = u8::from(n & 0x80 != 0);
            }
            Command::Size { across, down } => (style.across, style.down) = (across, down),
            // On paper that is burnt they look alike.
            Command::Bold(is_on) | Command::DoubleStrike(is_on) => style.is_bold = is_on,
            Command::Underline(dots) => style.underline = dots,
            Command::Inverse(is_on) => style.is_inverse = is_on,
            Command::Font(font) => style.font = font,
            Command::Align(align) => {
                self.at_line_start()?;
                self.state.align = align;
            }
            Command::CodePage(n) => {
                let known = self.profile.code_pages.iter().find(|(number, _)| *number == n);
                match known {
                    Some((_, page)) => self.state.code_page = *page,
                    None if self.profile.puts_up_with_pages => {}
                    None => return Err(Why::NoCodePage(n)),
                }
            }
            Command::Kanji(is_on) => self.state.is_chinese = is_on,
            Command::RightSpace(n) => self.state.right_space = self.across(n.into()),
            Command::LineSpacing(n) => {
                self.state.line = n.map_or(LINE, |n| self.down(n.into()));
            }
            Command::Units { across, down } => {
                let or = |n: u8, usual: usize| if n == 0 { usual } else { usize::from(n) };
                let (usual_across, usual_down) = self.profile.units;
                self.state.units = (or(across, usual_across), or(down, usual_down));
            }
            Command::LeftMargin(n) => {
                self.at_line_start()?;
                self.state.left_margin = self.across(n.into()).min(self.profile.dots);
                self.state.area = self.profile.dots - self.state.left_margin;
            }
            Command::AreaWidth(n) => {
                self.at_line_start()?;
                let room = self.profile.dots - self.state.left_margin;
                self.state.area = self.across(n.into()).min(room);
            }
            Command::BarcodeHeight(n) => self.state.barcode_height = n.into(),
            other => unreachable!("{other:?} is obeyed elsewhere"),
        }
        Ok(())
    }

    fn across(&self, units: usize) -> usize {
        units * self.profile.dpi / self.state.units.0
    }

    fn down(&self, units: usize) -> usize {
        units * self.profile.dpi / self.state.units.1
    }

    fn feed(&mut self, rows: usize) {
        self.page.picture.feed(rows);
        self.rows += rows;
    }

    fn at_line_start(&self) -> Result<(), Why> {
        if self.line.is_empty() { Ok(()) } else { Err(Why::NotAtLineStart) }
    }

    fn text(&mut self, offset: usize, bytes: &[u8]) -> Result<(), Why> {
        if self.state.is_chinese {
            self.put(offset, &code_pages::chinese(bytes));
            return Ok(());
        }
        for byte in bytes {
            let char = self.character(*byte)?;
            self.put(offset, char.encode_utf8(&mut [0; 4]));
        }
        Ok(())
    }

    fn character(&self, byte: u8) -> Result<char, Why> {
        let known = self.state.code_page.char(byte);
        let blot = self.profile.puts_up_with_pages.then_some(char::REPLACEMENT_CHARACTER);
        known.or(blot).ok_or(Why::NoCharacter(byte))
    }

    pub fn style(&self) -> Style {
        self.state.style
    }

    /// Characters behind those of the line. Those that find no room go on in the next.
    pub fn put(&mut self, offset: usize, text: &str) {
        for char in text.chars() {
            let width = self.state.style.size().0;
            if !self.line.is_empty() && self.line.x + width > self.state.area {
                self.end_line(offset, self.state.line);
            }
            self.line.put(char, self.state.style, self.state.right_space);
        }
    }

    /// Where something of this width begins.
    fn left_of(&self, width: usize) -> usize {
        let free = self.state.area.saturating_sub(width);
        self.state.left_margin
            + match self.state.align {
                Align::Left => 0,
                Align::Center => free / 2,
                Align::Right => free,
            }
    }

    /// Prints the line and feeds so far, or as far as the tallest thing in it needs.
    pub fn end_line(&mut self, offset: usize, feed: usize) {
        let line = std::mem::take(&mut self.line);
        let (height, left) = (line.height(), self.left_of(line.x));
        self.feed(height.max(feed));
        if line.is_empty() {
            self.tell(offset, Event::Fed(feed));
            return;
        }
        let bottom = self.page.picture.height() - height.max(feed) + height;
        line.draw(&mut self.page.picture, left, bottom);
        let text = line.text();
        if !text.is_empty() {
            self.page.lines.push(line.into_line(bottom, self.state.align));
        }
        self.tell(offset, Event::Line(text));
    }

    /// What sticks out is not printed.
    pub fn print_picture(&mut self, offset: usize, picture: &Picture) -> Result<(), Why> {
        let (width, height) = (picture.width(), picture.height());
        let (left, top) = (self.left_of(width), self.page.picture.height());
        self.feed(height);
        self.page.picture.stamp(left, top, picture);
        self.tell(offset, Event::Picture { left, top, width, height });
        let room = self.state.area;
        if width > room { Err(Why::SticksOut { width, room }) } else { Ok(()) }
    }

    fn cut(&mut self, offset: usize, cut: Cut) -> Result<(), Why> {
        self.at_line_start()?;
        let cut = Cut { fed: cut.fed.map(|units| self.down(units)), ..cut };
        let mut page = std::mem::replace(&mut self.page, Page::new(self.profile.dots));
        page.cut = Some(cut);
        self.pages.push(page);
        self.tell(offset, Event::Cut(cut));
        Ok(())
    }

    fn qr(&mut self, offset: usize, part: Qr) -> Result<(), Why> {
        let symbol = &mut self.state.qr;
        match part {
            Qr::Model(model) => symbol.model = model,
            Qr::Module(dots) => symbol.module = dots.into(),
            Qr::Level(level) => symbol.level = level,
            Qr::Data(data) => symbol.data = data,
            Qr::Print => {
                self.at_line_start()?;
                let (picture, text) = (self.state.qr.draw()?, self.state.qr.text());
                self.page.codes.push(text.clone());
                self.tell(offset, Event::Qr(text));
                self.print_picture(offset, &picture)?;
            }
        }
        Ok(())
    }
}

//! Rewrites a source file: each mutation is in it, behind a switch.

use std::collections::HashMap;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr};

use crate::list::Mutation;

/// A mutation with its number.
pub(crate) type Numbered<'a> = (usize, &'a Mutation);

/// Is added to each crate. The number of the mutation that is switched on is in a variable of the environment; the numbers
/// that are asked for are added to a file, if there is one.
pub(crate) const FUNCTION: &str = r#"
pub(crate) fn mutation(number: usize) -> bool {
    use std::io::Write as _;
    use std::sync::{LazyLock, Mutex};
    static CHOSEN: LazyLock<Option<usize>> =
        LazyLock::new(|| std::env::var("MUTATION").ok()?.parse().ok());
    static REACHED: LazyLock<Option<Mutex<(std::fs::File, std::collections::HashSet<usize>)>>> =
        LazyLock::new(|| {
            let path = std::env::var_os("MUTATIONS_REACHED")?;
            let file = std::fs::OpenOptions::new().append(true).create(true).open(path).ok()?;
            Some(Mutex::new((file, Default::default())))
        });
    if let Some(reached) = &*REACHED {
        let (file, numbers) = &mut *reached.lock().unwrap();
        if numbers.insert(number) {
            file.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
    }
    *CHOSEN == Some(number)
}
"#;

/// The source with switches, and the numbers of the mutations that have none.
pub(crate) fn switch(
    source: &str,
    mutations: &[Numbered<'_>],
) -> Result<(String, Vec<usize>), String> {
    let file = syn::parse_file(source).map_err(|why| why.to_string())?;
    let mut wanted: HashMap<_, Vec<_>> = HashMap::new();
    let mut left = Vec::new();
    for (number, mutation) in mutations {
        // Behind an `impl` is one type.
        if mutation.genre == "FnValue" && mutation.returns.contains("impl ") {
            left.push(*number);
            continue;
        }
        let place = (&*mutation.genre, mutation.start);
        wanted.entry(place).or_default().push((*number, *mutation));
    }
    let mut finder = Finder {
        wanted,
        places: Vec::new(),
    };
    finder.visit_file(&file);
    left.extend(finder.wanted.values().flatten().map(|it| it.0));
    left.sort_unstable();
    let mut places = finder.places;
    // A place comes before those that it has inside.
    places.sort_by_key(|place| {
        let is_expression = matches!(place.change, Change::Instead(_));
        (
            place.range.start,
            is_expression,
            usize::MAX - place.range.end,
        )
    });
    let rewriter = Rewriter { source, places };
    Ok((rewriter.render(0..source.len(), 0), left))
}

/// A place in the source where something is switched.
struct Place {
    range: Range<usize>,
    change: Change,
}

enum Change {
    /// Text that is added.
    Insert(String),
    /// For each number, what is there instead of the expression.
    Instead(Vec<(usize, Vec<Piece>)>),
}

enum Piece {
    Text(String),
    Source(Range<usize>),
}

/// Text that is there only because of a mutation. What the compiler reports there is about this mutation.
fn marked(number: usize, text: &str) -> String {
    format!("/*<{number}>*/{text}/*</{number}>*/")
}

/// The text that is marked, with the numbers.
pub(crate) fn marks(text: &str) -> Vec<(usize, Range<usize>)> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    for (at, _) in text.match_indices("/*<") {
        let rest = &text[at + 3..];
        let name = rest.split('>').next().unwrap_or_default();
        match name.strip_prefix('/') {
            None => open.push((name.parse().unwrap_or_default(), at)),
            Some(_) => found.extend(open.pop().map(|(number, start)| (number, start..at))),
        }
    }
    found
}

/// Writes the source with its switches.
struct Rewriter<'a> {
    source: &'a str,
    places: Vec<Place>,
}

impl Rewriter<'_> {
    /// A part of the source with the places in it, from the first of these on.
    fn render(&self, range: Range<usize>, first: usize) -> String {
        let mut text = String::new();
        let mut at = range.start;
        for (index, place) in self.places.iter().enumerate().skip(first) {
            if place.range.start < at || place.range.end > range.end {
                continue;
            }
            text += &self.source[at..place.range.start];
            text += &self.switched(index);
            at = place.range.end;
        }
        text + &self.source[at..range.end]
    }

    fn switched(&self, index: usize) -> String {
        let place = &self.places[index];
        let alternatives = match &place.change {
            Change::Insert(text) => return text.clone(),
            Change::Instead(alternatives) => alternatives,
        };
        let mut text = self.render(place.range.clone(), index + 1);
        for (number, pieces) in alternatives {
            let pieces = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Source(range) => self.render(range.clone(), index + 1),
            });
            let other = marked(*number, &pieces.collect::<String>());
            let asked = marked(*number, &format!("crate::mutation({number})"));
            // What is correct comes first: the type of the other is compared with it.
            text = format!("if !{asked} {{ {text} }} else {{ {other} }}");
        }
        format!("({text})")
    }
}

/// Finds the places of the mutations.
struct Finder<'a> {
    wanted: HashMap<(&'a str, (usize, usize)), Vec<Numbered<'a>>>,
    places: Vec<Place>,
}

impl<'a> Finder<'a> {
    /// The mutations that replace what begins here.
    fn take(&mut self, genre: &'a str, span: proc_macro2::Span) -> Vec<Numbered<'a>> {
        let start = span.start();
        let place = (genre, (start.line, start.column + 1));
        self.wanted.remove(&place).unwrap_or_default()
    }

    fn insert(&mut self, at: usize, number: usize, text: &str) {
        let change = Change::Insert(marked(number, text));
        let range = at..at;
        self.places.push(Place { range, change });
    }

    /// What these mutations make of an expression.
    fn instead(
        &mut self,
        expression: &impl Spanned,
        mutations: &[Numbered<'a>],
        pieces: impl Fn(&Mutation) -> Vec<Piece>,
    ) {
        let alternative = |(number, mutation): &Numbered<'_>| (*number, pieces(mutation));
        let alternatives: Vec<_> = mutations.iter().map(alternative).collect();
        if !alternatives.is_empty() {
            self.places.push(Place {
                range: expression.span().byte_range(),
                change: Change::Instead(alternatives),
            });
        }
    }
}

/// In parentheses: another operator may bind closer.
fn operand(expression: &Expr) -> [Piece; 3] {
    [
        Piece::Text("(".into()),
        Piece::Source(expression.span().byte_range()),
        Piece::Text(")".into()),
    ]
}

/// Whether it has a `let`, which is possible only in a condition, and only with `&&`.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(it) => {
            matches!(it.op, BinOp::And(_)) && (has_let(&it.left) || has_let(&it.right))
        }
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_block(&mut self, block: &'ast syn::Block) {
        if let Some(first) = block.stmts.first() {
            for (number, mutation) in self.take("FnValue", first.span()) {
                let value = &mutation.replacement;
                let text = format!("if crate::mutation({number}) {{ return {value}; }} ");
                self.insert(first.span().byte_range().start, number, &text);
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_binary(&mut self, it: &'ast syn::ExprBinary) {
        // With a `let`, `||` does not compile.
        if !has_let(&it.left) && !has_let(&it.right) {
            let mutations = self.take("BinaryOperator", it.op.span());
            self.instead(it, &mutations, |mutation| {
                let operator = Piece::Text(format!(" {} ", mutation.replacement));
                let [left, right] = [&it.left, &it.right].map(|side| operand(side));
                left.into_iter().chain([operator]).chain(right).collect()
            });
        }
        visit::visit_expr_binary(self, it);
    }

    fn visit_expr_unary(&mut self, it: &'ast syn::ExprUnary) {
        let mutations = self.take("UnaryOperator", it.op.span());
        self.instead(it, &mutations, |_| operand(&it.expr).into());
        visit::visit_expr_unary(self, it);
    }

    fn visit_expr_match(&mut self, it: &'ast syn::ExprMatch) {
        // For cargo-mutants, `_ if …` takes the rest, too; not for the compiler.
        let takes_the_rest =
            |arm: &syn::Arm| matches!(arm.pat, syn::Pat::Wild(_)) && arm.guard.is_none();
        if it.arms.iter().any(takes_the_rest) {
            for arm in &it.arms {
                for (number, _) in self.take("MatchArm", arm.span()) {
                    let text = format!(" if !crate::mutation({number})");
                    self.insert(arm.pat.span().byte_range().end, number, &text);
                }
            }
        }
        visit::visit_expr_match(self, it);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if let Some((_, guard)) = &arm.guard
            && !has_let(guard)
        {
            let mutations = self.take("MatchArmGuard", guard.span());
            self.instead(guard, &mutations, |mutation| {
                vec![Piece::Text(mutation.replacement.clone())]
            });
        }
        visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, it: &'ast syn::ExprStruct) {
        let whole = it.span().byte_range();
        for pair in it.fields.pairs() {
            let field = pair.value().span();
            let end = pair.punct().map_or(field, |comma| comma.span());
            let mutations = self.take("StructField", field);
            self.instead(it, &mutations, |_| {
                let before = whole.start..field.byte_range().start;
                let after = end.byte_range().end..whole.end;
                vec![Piece::Source(before), Piece::Source(after)]
            });
        }
        visit::visit_expr_struct(self, it);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The source with these mutations, without the marks; each mutation is a genre, the text that it replaces and the
    /// replacement.
    fn switched(source: &str, mutations: &[(&str, &str, &str)]) -> String {
        let returns = source.split("->").nth(1).unwrap_or_default();
        let mutation = |(genre, text, replacement): &(&str, &str, &str)| {
            let before = source.split(text).next().unwrap();
            let line = before.rsplit('\n').next().unwrap();
            Mutation {
                name: String::new(),
                package: String::new(),
                file: String::new(),
                genre: (*genre).to_owned(),
                start: (before.matches('\n').count() + 1, line.chars().count() + 1),
                replacement: (*replacement).to_owned(),
                returns: returns.to_owned(),
            }
        };
        let mutations: Vec<_> = mutations.iter().map(mutation).collect();
        let numbered: Vec<_> = mutations.iter().enumerate().collect();
        let (mut text, left) = switch(source, &numbered).unwrap();
        assert!(syn::parse_file(&text).is_ok(), "{text}");
        for number in 0..mutations.len() {
            text = text.replace(&format!("/*<{number}>*/"), "");
            text = text.replace(&format!("/*</{number}>*/"), "");
        }
        for number in left {
            text += &format!(" left: {number}");
        }
        text.replace("crate::mutation", "m")
    }

    #[test]
    fn a_function_returns_something_else() {
        let source = "impl A for B { async fn f() -> u8 { g().await } }";
        let rewritten = "impl A for B { async fn f() -> u8 { if m(0) { return 0; } if m(1) { return 1; } g().await } }";
        let mutations = [("FnValue", "g()", "0"), ("FnValue", "g()", "1")];
        assert_eq!(switched(source, &mutations), rewritten);
        let source = "fn f() -> impl A { g() }";
        assert_eq!(
            switched(source, &mutations[..1]),
            format!("{source} left: 0")
        );
    }

    #[test]
    fn operators_are_replaced_also_inside_of_others() {
        let source = "fn f() { let x = 'é' == 'é'; a - -b * c }";
        let mutations = [
            ("BinaryOperator", "- -", "+"),
            ("UnaryOperator", "-b", ""),
            ("BinaryOperator", "* c", "+"),
            ("BinaryOperator", "==", "!="),
        ];
        let minus = "(if !m(1) { -b } else { (b) })";
        let times = format!("(if !m(2) {{ {minus} * c }} else {{ ({minus}) + (c) }})");
        let equal = "(if !m(3) { 'é' == 'é' } else { ('é') != ('é') })";
        let rewritten = format!(
            "fn f() {{ let x = {equal}; (if !m(0) {{ a - {times} }} else {{ (a) + ({times}) }}) }}"
        );
        assert_eq!(switched(source, &mutations), rewritten);
    }

    #[test]
    fn several_replacements_of_one_operator() {
        let mutations = [("BinaryOperator", "<", "=="), ("BinaryOperator", "<", ">")];
        let rewritten = "fn f() -> bool { (if !m(1) { if !m(0) { a < b } else { (a) == (b) } } else { (a) > (b) }) }";
        assert_eq!(switched("fn f() -> bool { a < b }", &mutations), rewritten);
    }

    #[test]
    fn a_condition_with_let_has_no_or() {
        let source = "fn f() { if a == b && let Some(c) = d {} }";
        let mutations = [
            ("BinaryOperator", "&&", "||"),
            ("BinaryOperator", "==", "!="),
        ];
        let rewritten =
            "fn f() { if (if !m(1) { a == b } else { (a) != (b) }) && let Some(c) = d {} } left: 0";
        assert_eq!(switched(source, &mutations), rewritten);
    }

    #[test]
    fn arms_and_guards() {
        let source = "fn f() { match a { B(c) | D(c) => 1, E if !g => 2, _ => 3 } }";
        let mutations = [
            ("MatchArm", "B(c)", ""),
            ("MatchArmGuard", "!g", "true"),
            ("MatchArmGuard", "!g", "false"),
            ("UnaryOperator", "!g", ""),
        ];
        let not = "(if !m(3) { !g } else { (g) })";
        let guard =
            format!("(if !m(2) {{ if !m(1) {{ {not} }} else {{ true }} }} else {{ false }})");
        let rewritten = format!(
            "fn f() {{ match a {{ B(c) | D(c) if !m(0) => 1, E if {guard} => 2, _ => 3 }} }}"
        );
        assert_eq!(switched(source, &mutations), rewritten);
        let source = "fn f() { match a { B => 1, C => 2, _ if d => 3 } }";
        let mutations = [("MatchArm", "B", "")];
        assert_eq!(switched(source, &mutations), format!("{source} left: 0"));
    }

    #[test]
    fn a_field_is_taken_from_the_other_struct() {
        let mutations = [("StructField", "b: 1", ""), ("StructField", "c: 2", "")];
        let rewritten = "fn f() { (if !m(0) { (if !m(1) { A { b: 1, c: 2, ..d } } else { A { b: 1,  ..d } }) } else { A {  c: 2, ..d } }) }";
        assert_eq!(
            switched("fn f() { A { b: 1, c: 2, ..d } }", &mutations),
            rewritten
        );
    }

    #[test]
    fn the_function_that_is_added_compiles_and_a_mutation_without_its_place_is_left() {
        assert!(syn::parse_file(FUNCTION).is_ok());
        assert_eq!(
            switched("fn f() {}", &[("Else", "f()", "")]),
            "fn f() {} left: 0"
        );
    }
}

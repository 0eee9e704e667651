use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp(1_000);

fn recipe(batch_out: i64, lines: &[(i64, i64)]) -> Recipe {
    Recipe { valid_from: Timestamp(0), batch_out, lines: lines.to_vec() }
}

fn book(of: &[(Of, Recipe)]) -> Book {
    let mut book = Book::default();
    for (of, recipe) in of {
        book.recipes.entry(*of).or_default().push(recipe.clone());
    }
    book
}

fn taken(book: &Book, of: Of, quantity: i64) -> Vec<(i64, i64)> {
    explode(book, &[(of, Fraction::whole(quantity))], NOW).unwrap().into_iter().collect()
}

const BORSCHT: Of = Of::Variation(1);
const DUMPLINGS: Of = Of::Variation(2);
const BROTH: i64 = 10;
const DOUGH: i64 = 11;
const STUFFING: i64 = 12;
const BEEF: i64 = 20;
const BEETROOT: i64 = 21;
const FLOUR: i64 = 22;
const WATER: i64 = 23;
const SALT: i64 = 24;

/// Worked out by hand: 3 l of broth take 1.2 kg of beef, 4 l of water and 25 g of salt; 10 portions of
/// borscht take 2.5 l of broth and 800 g of beetroot; dough and stuffing share the salt, and the stuffing
/// takes broth: three levels below a dish.
fn kitchen() -> Book {
    book(&[
        (
            Of::Good(BROTH),
            recipe(3_000_000, &[(BEEF, 1_200_000), (WATER, 4_000_000), (SALT, 25_000)]),
        ),
        (
            Of::Good(DOUGH),
            recipe(1_400_000, &[(FLOUR, 1_000_000), (WATER, 400_000), (SALT, 10_000)]),
        ),
        (Of::Good(STUFFING), recipe(900_000, &[(BEEF, 1_000_000), (BROTH, 90_000), (SALT, 9_000)])),
        (BORSCHT, recipe(10_000, &[(BROTH, 2_500_000), (BEETROOT, 800_000), (SALT, 5_000)])),
        (DUMPLINGS, recipe(1_000, &[(DOUGH, 140_000), (STUFFING, 120_000), (SALT, 1_000)])),
    ])
}

#[test]
fn three_levels_are_what_a_cook_works_out_by_hand() {
    let book = kitchen();
    for (of, quantity, by_hand) in [
        // A portion: 250 ml of broth are 100 g of beef, 333.333… ml of water and 2.083… g of salt.
        (
            BORSCHT,
            1_000,
            vec![(BEEF, 100_000), (BEETROOT, 80_000), (WATER, 333_333), (SALT, 2_583)],
        ),
        // Three: rounded once, not three times.
        (
            BORSCHT,
            3_000,
            vec![(BEEF, 300_000), (BEETROOT, 240_000), (WATER, 1_000_000), (SALT, 7_750)],
        ),
        // 120 g of stuffing take 133.333… g of beef, 1.2 g of salt and 12 ml of broth, which are 4.8 g of
        // beef, 16 ml of water and 0.1 g of salt; 140 g of dough 100 g of flour, 40 ml of water, 1 g of salt.
        (DUMPLINGS, 1_000, vec![(BEEF, 138_133), (FLOUR, 100_000), (WATER, 56_000), (SALT, 3_300)]),
        (
            DUMPLINGS,
            3_000,
            vec![(BEEF, 414_400), (FLOUR, 300_000), (WATER, 168_000), (SALT, 9_900)],
        ),
        (Of::Good(BROTH), 1_500_000, vec![(BEEF, 600_000), (WATER, 2_000_000), (SALT, 12_500)]),
        (Of::Good(SALT), 7, vec![(SALT, 7)]),
        (Of::Variation(99), 1_000, vec![]),
    ] {
        let mut by_hand = by_hand;
        by_hand.sort_unstable();
        assert_eq!(taken(&book, of, quantity), by_hand, "{of:?} {quantity}");
    }
}

#[test]
fn five_of_something_nested_are_five_times_one() {
    // What others got wrong: the factor of the outermost recipe alone.
    let book = book(&[
        (Of::Good(1), recipe(4_000, &[(2, 20_000)])),
        (Of::Variation(1), recipe(1_000, &[(1, 4_000)])),
    ]);
    assert_eq!(taken(&book, Of::Variation(1), 1_000), [(2, 20_000)]);
    assert_eq!(taken(&book, Of::Variation(1), 5_000), [(2, 100_000)]);
}

#[test]
fn what_is_made_in_advance_is_taken_as_it_is_but_made_of_its_parts() {
    let mut book = kitchen();
    book.in_advance.insert(BROTH);
    assert_eq!(taken(&book, BORSCHT, 1_000), [(BROTH, 250_000), (BEETROOT, 80_000), (SALT, 500)]);
    assert_eq!(
        taken(&book, Of::Good(BROTH), 3_000_000),
        [(BEEF, 1_200_000), (WATER, 4_000_000), (SALT, 25_000)]
    );
}

#[test]
fn the_recipe_of_its_day_holds() {
    let mut book = kitchen();
    let newer = Recipe { valid_from: Timestamp(2_000), ..recipe(1_000, &[(BEEF, 1)]) };
    book.recipes.get_mut(&BORSCHT).unwrap().insert(0, newer);
    let at = |at| explode(&book, &[(BORSCHT, Fraction::whole(1_000))], Timestamp(at)).unwrap();
    assert_eq!(at(1_999).get(&BEETROOT), Some(&80_000));
    assert_eq!(at(2_000), BTreeMap::from([(BEEF, 1)]));
    assert_eq!(at(-1), BTreeMap::new());
}

#[test]
fn circles_and_towers_are_refused() {
    let with =
        |of: &[(Of, Recipe)]| explode(&book(of), &[(Of::Good(1), Fraction::whole(1_000))], NOW);
    let to = |good: i64| recipe(1_000, &[(good, 1_000)]);
    let circle = with(&[(Of::Good(1), to(2)), (Of::Good(2), to(3)), (Of::Good(3), to(2))]);
    assert_eq!(circle, Err(Trouble::Circle(vec![2, 3, 2])));
    assert_eq!(with(&[(Of::Good(1), to(1))]), Err(Trouble::Circle(vec![1, 1])));
    let tower = |levels: i64| {
        with(&(1..=levels).map(|good| (Of::Good(good), to(good + 1))).collect::<Vec<_>>())
    };
    assert_eq!(tower(8), Ok(BTreeMap::from([(9, 1_000)])));
    assert_eq!(tower(9), Err(Trouble::TooDeep));
}

#[test]
fn losses_follow_one_another() {
    for (gross, cold, hot, out) in
        [(1_000, 2_000, 3_500, 520), (1_000, 0, 0, 1_000), (1_000, 10_000, 0, 0), (3, 5_000, 0, 2)]
    {
        assert_eq!(after_losses(gross, Percent::new(cold), Percent::new(hot)), out);
    }
}

/// How much a good's recipe makes, and of what in the next layer it takes how much.
type Made = (i64, Vec<(usize, i64)>);

/// Layers of goods, each made of some of the next layer.
fn layers() -> impl Strategy<Value = Vec<Vec<Made>>> {
    let lines = vec((0_usize..4, 1_i64..60), 1..4);
    vec(vec((1_i64..60, lines), 4), 1..5)
}

fn layered(layers: &[Vec<Made>]) -> Book {
    let mut recipes = Vec::new();
    for (depth, layer) in (0_i64..).zip(layers) {
        for (at, (out, lines)) in (0_i64..).zip(layer) {
            let below = |(part, gross): &(usize, i64)| (((depth + 1) * 4) + *part as i64, *gross);
            recipes.push((
                Of::Good(depth * 4 + at),
                recipe(*out, &lines.iter().map(below).collect::<Vec<_>>()),
            ));
        }
    }
    book(&recipes)
}

/// The plain way, in floats: good enough to find a wrong factor.
fn plainly(book: &Book, good: i64, quantity: f64, into: &mut BTreeMap<i64, f64>) {
    match book.recipe(Of::Good(good), NOW) {
        None => *into.entry(good).or_default() += quantity,
        Some(recipe) => recipe.lines.iter().for_each(|(part, gross)| {
            plainly(book, *part, quantity * *gross as f64 / recipe.batch_out as f64, into);
        }),
    }
}

proptest! {
    #[test]
    fn any_recipes_take_what_the_plain_way_takes(layers in layers(), quantity in 1_i64..50_000) {
        let book = layered(&layers);
        let mut plain = BTreeMap::new();
        plainly(&book, 0, quantity as f64, &mut plain);
        let exact = explode(&book, &[(Of::Good(0), Fraction::whole(quantity))], NOW).unwrap();
        prop_assert_eq!(exact.keys().collect::<Vec<_>>(), plain.keys().collect::<Vec<_>>());
        for (good, need) in exact {
            let off = (need as f64 - plain[&good]).abs();
            prop_assert!(off <= 0.5 + plain[&good] * 1e-9, "{} of {}", off, plain[&good]);
        }
    }

    #[test]
    fn a_batch_takes_its_lines_exactly(layers in layers()) {
        let book = layered(&layers[..1]);
        let recipe = book.recipe(Of::Good(0), NOW).unwrap().clone();
        let exact = explode(&book, &[(Of::Good(0), Fraction::whole(recipe.batch_out))], NOW).unwrap();
        let mut lines = BTreeMap::new();
        for (good, gross) in recipe.lines {
            *lines.entry(good).or_insert(0) += gross;
        }
        prop_assert_eq!(exact, lines);
    }
}

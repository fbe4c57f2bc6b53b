//! The compression function (GB/T 32905-2016, 5.3), written once for words of every kind.
//!
//! In: a state, and a block as sixteen words. Out: the next state. A word is whatever the functions `add`, `xor`, `xor3`, `majority`,
//! `choose`, `rotate` and `splat` of the place where it is written out work on: one number, or a register of them.

/// Tj ⋘ (j mod 32).
pub(super) const CONSTANTS: [u32; 64] = {
    let mut constants = [0; 64];
    let mut j = 0;
    while j < 64 {
        let t: u32 = if j < 16 { 0x79cc_4519 } else { 0x7a87_9d8a };
        constants[j] = t.rotate_left(j as u32 % 32);
        j += 1;
    }
    constants
};

/// V(i+1) from V(i), `$state`, and the sixteen words of a block, `$words`.
macro_rules! compress {
    ($state:expr, $words:expr) => {{
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = $state;
        let mut w = $words;
        // The letters move on by one place each round, so that four rounds need no copies.
        macro_rules! round {
            ($j:expr, $ff:ident, $gg:ident, $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident) => {
                let j = $j;
                let now = w[j % 16];
                let turned = rotate::<12>($a);
                let ss1 = rotate::<7>(add(add(turned, $e), splat(CONSTANTS[j])));
                let ss2 = xor(ss1, turned);
                // W'j = Wj ⊕ W(j+4)
                let tt1 = add(add($ff($a, $b, $c), $d), add(ss2, xor(now, w[(j + 4) % 16])));
                let tt2 = add(add($gg($e, $f, $g), $h), add(ss1, now));
                $b = rotate::<9>($b);
                $d = tt1;
                $f = rotate::<19>($f);
                $h = xor3(tt2, rotate::<9>(tt2), rotate::<17>(tt2));
                // W(j+16), which takes the place of Wj
                let mixed = xor3(now, w[(j + 7) % 16], rotate::<15>(w[(j + 13) % 16]));
                let mixed = xor3(mixed, rotate::<15>(mixed), rotate::<23>(mixed));
                w[j % 16] = xor3(mixed, rotate::<7>(w[(j + 3) % 16]), w[(j + 10) % 16]);
            };
        }
        macro_rules! four {
            ($j:expr, $ff:ident, $gg:ident) => {
                round!($j, $ff, $gg, a b c d e f g h);
                round!($j + 1, $ff, $gg, d a b c h e f g);
                round!($j + 2, $ff, $gg, c d a b g h e f);
                round!($j + 3, $ff, $gg, b c d a f g h e);
            };
        }
        macro_rules! sixteen {
            ($j:expr, $ff:ident, $gg:ident) => {
                four!($j, $ff, $gg);
                four!($j + 4, $ff, $gg);
                four!($j + 8, $ff, $gg);
                four!($j + 12, $ff, $gg);
            };
        }
        sixteen!(0, xor3, xor3);
        for j in [16, 32, 48] {
            sixteen!(j, majority, choose);
        }
        let [a0, b0, c0, d0, e0, f0, g0, h0] = $state;
        [xor(a, a0), xor(b, b0), xor(c, c0), xor(d, d0), xor(e, e0), xor(f, f0), xor(g, g0), xor(h, h0)]
    }};
}

pub(super) use compress;

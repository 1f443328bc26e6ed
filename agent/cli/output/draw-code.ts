import encodeQR from 'qr';

/**
 * A QR code of a text as lines of a terminal, two rows of squares a line, with the quiet zone around it (ISO/IEC 18004).
 * Empty squares are drawn and full ones left out: with the tone `paper` it is dark on light on every terminal.
 */
export function drawCode(text: string): string[] {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 });
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const [upper = [], lower = []] = [rows[at], rows[at + 1]];
    // Beyond an odd last row there is nothing to be light.
    lines.push(upper.map((isDark, column) => block(!isDark, lower[column] === false)).join(''));
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}

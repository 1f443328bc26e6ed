/**
 * A desktop entry that starts Overseer at login, by the Desktop Entry Specification. `program` is quoted by its rules:
 * an argument in double quotes with `"`, `` ` ``, `$` and `\` escaped, the escape itself escaped once more for the value,
 * and `%` doubled because it begins a field code.
 */
export function desktopEntry(program: string): string {
  const quoted = program.replaceAll(/["`$\\]/g, (character) => `\\${character}`).replaceAll('%', '%%');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Overseer',
    'Comment=Watches your fleet and tells when something fails',
    `Exec="${quoted.replaceAll('\\', '\\\\')}" --hidden`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

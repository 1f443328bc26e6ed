import { type CSSVariablesResolver, createTheme, rem } from '@mantine/core';
import { words } from '#renderer/words/index.ts';

const quick = { transitionProps: { duration: 120 } };
/** Mantine draws a dialog's title in a <header>, which at the end of the body counts as a second banner of the page. */
const noBanner = { attributes: { header: { role: 'presentation' } } };

/** One accent, the system's fonts, sizes 12/14/16/20/28, an 8-px grid, motion under 150 ms. */
export const theme = createTheme({
  primaryColor: 'indigo',
  // 7 on white and 8 under white text both pass 4.5:1.
  primaryShade: { light: 7, dark: 8 },
  colors: {
    dark: [
      '#d5d9e2',
      '#b4bac8',
      '#9aa1b1',
      '#5d6472',
      '#3b3f4a',
      '#2d3038',
      '#212329',
      '#1b1d22',
      '#15171b',
      '#0f1013',
    ],
    red: ['#fdeceb', '#fbd5d2', '#f5a9a3', '#ef8279', '#e86056', '#d9382c', '#c92f23', '#b42318', '#96190f', '#7a120a'],
    green: [
      '#e6f6ec',
      '#c9ead6',
      '#96d7b0',
      '#66c48c',
      '#3faf6d',
      '#2a9657',
      '#217f48',
      '#1b6e3c',
      '#155a31',
      '#0f4525',
    ],
  },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: rem(12), sm: rem(14), md: rem(16), lg: rem(20), xl: rem(28) },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: rem(28), lineHeight: '36px' },
      h2: { fontSize: rem(20), lineHeight: '28px' },
      h3: { fontSize: rem(16), lineHeight: '24px' },
      h4: { fontSize: rem(14), lineHeight: '20px' },
    },
  },
  defaultRadius: rem(6),
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // A link is part of the text that it stands in.
    Anchor: { defaultProps: { inherit: true } },
    Button: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { ...quick, ...noBanner, centered: true, overlayProps: { backgroundOpacity: 0.5 } } },
    Drawer: { defaultProps: { ...quick, ...noBanner } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': words.ui.dismiss } } },
    Menu: { defaultProps: { ...quick, shadow: 'md', position: 'bottom-end' } },
    Popover: { defaultProps: quick },
    Tooltip: { defaultProps: { ...quick, openDelay: 300, withArrow: true } },
    Select: { defaultProps: { comboboxProps: quick } },
  },
});

/** The soft ground of alerts and light buttons, in the tones of our badges: Mantine's own is loud on dark. */
function ground(colour: string, tone: string): Record<string, string> {
  return {
    [`--mantine-color-${colour}-light`]: `var(--ov-${tone}-soft)`,
    [`--mantine-color-${colour}-light-hover`]: `color-mix(in srgb, var(--ov-${tone}-soft), var(--ov-${tone}) 8%)`,
    [`--mantine-color-${colour}-light-color`]: `var(--ov-${tone})`,
  };
}

const grounds = {
  ...ground('yellow', 'warn'),
  ...ground('red', 'bad'),
  ...ground('green', 'good'),
  ...ground('indigo', 'busy'),
  ...ground('gray', 'quiet'),
};

/** Mantine's own variables where its defaults are too pale to read, or not our surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...grounds,
    '--mantine-color-anchor': '#3450c8',
    '--mantine-color-dimmed': '#565d6d',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-default-border': '#c3c8d2',
    '--mantine-color-error': '#b42318',
    '--mantine-color-body': '#ffffff',
  },
  dark: {
    ...grounds,
    '--mantine-color-dimmed': '#a3aaba',
    '--mantine-color-placeholder': '#8e95a5',
    '--mantine-color-default-border': '#41454f',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-body': '#1b1d22',
    '--mantine-color-anchor': '#9db1ff',
  },
});

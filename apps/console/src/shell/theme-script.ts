// Loaded before the first paint, so that a chosen theme does not flash up in the other one.
import { applyThemeChoice, readThemeChoice } from './theme-choice.js';

applyThemeChoice(document.documentElement, readThemeChoice(localStorage));

/** Dash of each line, so that lines can be told apart without their colours; pixels on, pixels off, … */
export const LINE_DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 6]];

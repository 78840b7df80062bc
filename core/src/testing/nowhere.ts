/** The data folder of what is kept in memory alone: nothing is ever written there. */
export const nowhere = '/nonexistent/atoll-test';

"""Materials 物料发放及配送 (RULEBOOK §6)."""

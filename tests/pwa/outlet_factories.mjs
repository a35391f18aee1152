// Outlets as the company sends them to the phone.

/** The document of an approved outlet, with changes. */
export const doc = (changes = {}) => ({
  id: "o1",
  name: "惠民便利店",
  state: "approved",
  address: "解放路 12 号",
  phone: "13800001001",
  lat: 30.66,
  lon: 104.07,
  position_accuracy_m: 12,
  outlet_class: "C",
  class_reasons: ["C.area"],
  class_inputs: { chain_outlets: null, is_franchised_or_own_hall: null, floor_area_m2: "45", monthly_fee_yuan: null },
  person_in_charge: "王秀兰",
  cashiers: [],
  storefront_photo: null,
  signers: [{ name: "王秀兰", role: "owner" }],
  ...changes,
});

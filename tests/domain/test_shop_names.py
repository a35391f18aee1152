"""Names of shops that may be the same; more cases are in sync/vectors/shop_names.json."""

from server.domain.shop_names import are_names_alike


def test_blanks_and_punctuation_do_not_matter():
    assert are_names_alike("鑫源通讯（解放路店）", "鑫源 通讯 解放路店")


def test_a_name_without_letters_is_like_no_other():
    assert not are_names_alike("（）", "鑫源通讯")

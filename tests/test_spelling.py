"""Names that are the same person's and names that are not: each rule of the spelling by example."""

from __future__ import annotations

import pytest

from portal.spelling import ALIKE, alike, skeletons, words

SAME = """
Moh. Yusuf | Muhammad Yusup
Muh. Yusuf | Mohammad Yusuf
M. Yusuf | Muhamad Yusuf
Mohd. Yusuf | Mohamad Jusuf
Mochammad Yusuf | Muhammad Yusuf
Much. Yusuf | Mukhammad Yusuf
MUHAMMAD YUSUF | muhammad yusuf
Muhammad Yusuf | Yusuf Muhammad
Muhammad Yusuf | Yusuf
Abd. Rahman | Abdul Rahman
Abdoel Rahman | Abdul Rahman
Abdurrahman | Abdul Rahman
Abdur Rohman | Abdul Rahman
Abdussalam | Abd. Salam
Abdulrahman | Abdurrahman
Soekarno | Sukarno
Soeharto Widjaja | Suharto Wijaya
Djoko Santoso | Joko Santoso
Tjahjo Koemolo | Cahyo Kumolo
Tjipto Mangoen | Cipto Mangun
Sjamsul Bahri | Syamsul Bahri
Syamsul Bahri | Samsul Bahri
Njoman Rai | Nyoman Rai
Jusuf Kartika | Yusuf Kartika
Soerja Atmadja | Surya Atmaja
Achmad Dahlan | Ahmad Dahlan
Akhmad Dahlan | Ahmad Dahlan
Cholil Anwar | Kholil Anwar
Choirul Anam | Khoirul Anam
Fatimah | Patimah
Fitri Handayani | Vitri Handayani
Arifin Noor | Aripin Nur
Novita Sari | Nopita Sari
Zaenal Abidin | Jaenal Abidin
Zainal Abidin | Zaenal Abidin
Abdul Aziz | Abdul Azis
Abdul Azis | Abdul Asis
Syaiful Anwar | Saeful Anwar
Rizki Pratama | Rizky Pratama
Annisa Rahma | Anisa Rahma
Rachmat Hidayat | Rahmat Hidayat
Rahmatullah | Rachmatulloh
H. Sulaiman | Sulaiman
Hj. Siti Maryam | Siti Maryam
H. M. Yusuf | Muhammad Yusuf
Dr. Budi Santoso | Budi Santoso
Budi Santoso, S.Pd. | Budi Santoso
Budi Santoso, S.Pd.I., M.Si. | Budi Santoso
Ir. Budi Santoso, M.T. | Budi Santoso
Drs. H. Budi Santoso | Budi Santoso
KH. Hasyim Asnawi | Hasyim Asnawi
K.H. Hasyim Asnawi | Hasim Asnawi
Tgk. Ibrahim | Ibrahim
R. Soedirman | Sudirman
Rr. Kartini | Kartini
Raden Kartini | Kartini
Ny. Sumarni | Sumarni
Alm. Kasdi | Kasdi
Bpk. Kasdi | Kasdi
St. Aminah | Siti Aminah
Sitti Aminah | Siti Aminah
Siti Aminah | Aminah
Siti Aminah | Siti Amina
Nur Hayati | Noer Hajati
Nurhayati | Nur Hayati
Noor Hayati | Nur Hayati
Ahmad bin Saleh | Ahmad
Fatimah binti Umar | Fatimah
Ahmad bin Saleh | Ahmad bin Soleh
Siti Nur Aminah | Siti Aminah
Budi Setiawan | Setiawan Budi
B. Setiawan | Budi Setiawan
Budi S. | Budi Setiawan
Budi Setiawan | Budi Setaiwan
Budi Setiawan | Budi Setiwan
Budi Setiawan | Budi Setiawam
Budi Setiawan | Bdui Setiawan
Sumarni | Sumrani
Supriyadi | Supriadi
Yulianti | Yuliyanti
Dewi Lestari | Dewi  Lestari
Nur'aini | Nuraini
Ma'ruf Amin | Maruf Amin
Thohir Hasan | Tohir Hasan
Dhani Ahmad | Zani Ahmad
Qomariyah | Komariah
Wahyu-Ningsih | Wahyu Ningsih
Aisyah | Aisah
Muhammad Rifai | Moh. Rifa'i
"""
DIFFERENT = """
Siti Aminah | Siti Rohani
Siti Aminah | Siti Aisyah
Budi Santoso | Budi Susanto
Sumarno | Sumarni
Suparno | Suparni
Suwarno | Suwarni
Ahmad Yani | Ahmad Yono
Muhammad Yusuf | Muhammad Yasin
Moh. Ali | Moh. Ilyas
Abdul Rahman | Abdul Karim
Abdurrahman | Abdullah
Nur Hayati | Nur Hidayah
Joko Widodo | Joko Susilo
Kasdi | Kasno
Kasdi | Karsi
Wagiman | Wagiyem
Tukiman | Tukinem
Sri Wahyuni | Sri Lestari
Sri Wahyuni | Wahyu Nugroho
Dewi Lestari | Dewi Anggraini
Dewi Lestari | Lestari Handayani
Slamet Riyadi | Slamet Widodo
Andi Saputra | Andri Saputro Wijaya
Rina Marlina | Rini Herlina
Hasan Basri | Husein Basri
Yanti | Yanto
Rudi Hartono | Rudi Hermawan
Bambang Sutrisno | Bambang Supriyadi
M. Yusuf | M. Yasir
Sulaiman | Sulastri
Ibrahim | Ismail
Fatimah | Fitriani
Siti | Siti Aminah
Ketut Rai | Nyoman Rai
Made Wirawan | Wayan Wirawan
Paijo | Paimin
Sutrisno | Sutinah
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    lines = [line for line in table.splitlines() if "|" in line]
    return [(one.strip(), other.strip()) for one, _, other in (line.partition("|") for line in lines)]


@pytest.mark.parametrize(("one", "other"), _pairs(SAME))
def test_names_of_one_person_are_alike(one: str, other: str) -> None:
    assert alike(one, other) >= ALIKE


@pytest.mark.parametrize(("one", "other"), _pairs(DIFFERENT))
def test_names_of_two_people_are_not(one: str, other: str) -> None:
    assert alike(one, other) < ALIKE


@pytest.mark.parametrize(("one", "other"), _pairs(SAME) + _pairs(DIFFERENT))
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 100
    assert alike(one, one) == alike(other, other) == 100


@pytest.mark.parametrize(("one", "other"), _pairs(SAME))
def test_names_of_one_person_share_a_sign_in_the_index(one: str, other: str) -> None:
    if "".join(words(one)) != "".join(words(other)):  # else it is found by its letters
        assert {*skeletons(one)} & {*skeletons(other)}


@pytest.mark.parametrize("odd", ["", "  ", "...", "123", "H.", "M.", "é", "😀", "a" * 5000, "bin", "-"])
def test_odd_names_are_no_accident(odd: str) -> None:
    assert isinstance(words(odd), tuple)
    assert 0 <= alike(odd, "Budi") < ALIKE

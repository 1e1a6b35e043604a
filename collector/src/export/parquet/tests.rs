use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;

use super::super::column::examples;
use super::super::manifest::example;
use super::*;

fn file_of(rows: &[Row], groups: usize) -> SerializedFileReader<File> {
    let file = tempfile::tempfile().unwrap();
    let mut parquet = ParquetFile::create(file.try_clone().unwrap()).unwrap();
    for part in rows.chunks(rows.len().div_ceil(groups).max(1)) {
        parquet.rows(part.iter()).unwrap();
        parquet.write_group().unwrap();
    }
    parquet.end(&example()).unwrap();
    SerializedFileReader::new(file).unwrap()
}

#[test]
fn rows_come_back_typed() {
    let reader = file_of(&examples(), 1);
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    let [full, bare] = &rows[..] else { panic!("{rows:?}") };
    let texts =
        [(1, "nps"), (3, "ad1088563eb0e7d5"), (7, "Ottime scarpe, \"davvero\"\r\nمريح 👟"), (14, "1001")];
    for (place, text) in texts {
        assert_eq!(full.get_string(place).unwrap(), text);
    }
    let listed = |row: &parquet::record::Row, place| -> Vec<String> {
        row.get_list(place).unwrap().elements().iter().map(ToString::to_string).collect()
    };
    assert_eq!(listed(full, 8), ["\"fit\"", "\"price\""]);
    assert_eq!(listed(full, 17), ["\"clock\"", "\"instrument\""]);
    assert_eq!(full.get_map(15).unwrap().entries().len(), 1);
    assert_eq!((full.get_int(4).unwrap(), full.get_bool(16).unwrap()), (2, true));
    assert!((full.get_double(18).unwrap() - 0.25).abs() < f64::EPSILON);
    let moments = [full.get_timestamp_millis(19).unwrap(), full.get_timestamp_millis(20).unwrap()];
    assert_eq!(moments, [1_795_255_200_000, 1_795_255_202_250]);
    assert_eq!(bare.get_int(5).unwrap(), -2);
    assert!(bare.get_string(7).is_err() && bare.get_double(18).is_err(), "nothing is null");
    assert_eq!(
        (listed(bare, 8).len(), listed(bare, 17).len(), bare.get_map(15).unwrap().entries().len()),
        (0, 0, 0)
    );
}

#[test]
fn groups_are_bounded_by_rows_and_by_bytes() {
    let [full, _] = examples();
    let file = tempfile::tempfile().unwrap();
    let mut parquet = ParquetFile::create(file.try_clone().unwrap()).unwrap();
    let long = Row { comment: Some("x".repeat(1024 * 1024)), ..full };
    for _ in 0..30 {
        parquet.rows(std::iter::once(&long)).unwrap();
        assert!(parquet.bytes() < GROUP_BYTES_MAX, "{}", parquet.bytes());
    }
    parquet.end(&example()).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows: Vec<i64> = reader
        .metadata()
        .row_groups()
        .iter()
        .map(parquet::file::metadata::RowGroupMetaData::num_rows)
        .collect();
    assert_eq!(rows, [12, 12, 6]);
}

#[test]
fn the_manifest_is_in_the_metadata() {
    for rows in [&examples()[..], &[]] {
        let reader = file_of(rows, 2);
        let metadata = reader.metadata().file_metadata();
        assert_eq!(metadata.num_rows(), i64::try_from(rows.len()).unwrap());
        let known = metadata.key_value_metadata().unwrap();
        let rows = known.iter().find(|known| known.key == "parere.rows").unwrap();
        assert_eq!(rows.value.as_deref(), Some("2"));
    }
}

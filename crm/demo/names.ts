import type { SeededRandom } from './random.ts';

export interface PersonName {
  lastName: string;
  firstName: string;
  gender: '' | 'female' | 'male';
}

interface NameStock {
  /** How often, of 100. */
  weight: number;
  last: readonly string[];
  female: readonly string[];
  male: readonly string[];
}

const words = (text: string): string[] => text.split(',').map((word) => word.trim());

/** Common names put together at random: whoever bears one of them is not meant. */
const STOCKS: readonly NameStock[] = [
  {
    weight: 38,
    last: words(
      `Tan, Lim, Lee, Ng, Ong, Wong, Goh, Chua, Chan, Koh, Teo, Ang, Yeo, Tay, Ho, Low, Toh, Sim,
      Chong, Chia, Seah, Quek, Foo, Loh, Phua, Soh, Heng, Neo`,
    ),
    female: words(
      `Wei Ling, Hui Min, Xin Yi, Jia Hui, Mei Lin, Siew Ling, Li Ting, Shu Fen, Pei Shan, Yu Xuan, Kai
      Xin, Bee Hoon, Jing Wen, Rui En, Hwee Leng, Sock Cheng, Zi Xuan, Min Hui, Yan Ting, Su Lin`,
    ),
    male: words(
      `Wei Ming, Jun Jie, Kok Wai, Boon Keng, Zhi Hao, Jia Hao, Wei Jie, Chee Keong, Yong Sheng, Kai
      Wen, Guan Hong, Teck Soon, Ming Hui, Jian Wei, Yi Xiang, Hock Seng, Rui Yang, Zheng Yu, Swee
      Huat, Li Wei`,
    ),
  },
  {
    weight: 12,
    last: words('陈,林,李,王,黄,张,刘,吴,蔡,杨,许,郑,谢,洪,郭,邱,曾,廖,赖,徐,周,叶,苏,庄,江'),
    female: words('美玲,慧敏,欣怡,佳慧,丽婷,淑芬,佩珊,雨萱,静雯,秀英,芳,敏,雪,婷,若琳,诗涵'),
    male: words('伟,俊杰,志豪,家豪,伟明,文轩,建国,勇,强,磊,国伟,子轩,宇航,志明,浩然,天佑'),
  },
  {
    weight: 14,
    last: words(
      `bin Abdullah, bin Rahman, bin Ismail, bin Osman, bin Salleh, bin Yusof, binte Ahmad, binte
      Hassan, binte Ibrahim, binte Omar, binte Zainal, binte Karim`,
    ),
    female: words(
      'Nur Aisyah,Siti Khadijah,Nurul Huda,Farah,Aminah,Zulaikha,Hidayah,Rohani,Syafiqah,Intan,Puteri,Salmah',
    ),
    male: words(
      'Muhammad Irfan,Ahmad Faiz,Hafiz,Rizal,Azlan,Iskandar,Khairul,Syahmi,Firdaus,Zulkifli,Danial,Hakim',
    ),
  },
  {
    weight: 11,
    last: words(
      `Nair, Pillai, Krishnan, Raman, Menon, Subramaniam, Iyer, Rajan, Chandran, Singh, Kaur, Sharma,
      Patel, Gupta, Das, Fernandez`,
    ),
    female: words('Priya,Anjali,Lakshmi,Deepa,Kavitha,Meena,Shanti,Divya,Revathi,Nisha,Harpreet,Sunita'),
    male: words('Arun,Suresh,Rajesh,Vikram,Ganesh,Karthik,Mohan,Ravi,Sanjay,Prakash,Gurpreet,Anand'),
  },
  {
    weight: 6,
    last: words('Nguyễn,Trần,Lê,Phạm,Hoàng,Huỳnh,Phan,Vũ,Đặng,Bùi,Đỗ,Hồ'),
    female: words('Thị Hương,Thu Hà,Ngọc Ánh,Lan,Mai,Phương Thảo,Hồng Nhung,Bích Ngọc,Thanh Trúc,Diệu Linh'),
    male: words('Văn Minh,Đức Anh,Quốc Bảo,Hữu Phước,Thành Đạt,Tuấn,Hải Đăng,Gia Huy,Minh Khôi,Đình Phong'),
  },
  {
    weight: 5,
    last: words('佐藤,鈴木,高橋,田中,渡辺,伊藤,山本,中村,小林,加藤,Satō,Suzuki,Yamamoto,Ōno,Inoue,Kimura'),
    female: words('陽子,美咲,さくら,あかり,直美,Yūko,Haruka,Emi,Naomi,Aiko'),
    male: words('健二,翔太,大輔,拓也,一郎,Kenji,Shōta,Hiroshi,Daiki,Takumi'),
  },
  {
    weight: 6,
    last: words(
      `Müller, Schäfer, Lefèvre, García, Núñez, O’Brien, Søndergaard, Åkesson, Kowalski, Łukaszewicz,
      Dvořák, Martin, Rossi, Silva, Whitfield, van der Meer`,
    ),
    female: words(
      'Élodie,Zoë,Anne-Marie,Chloé,Saoirse,Ingrid,Małgorzata,Lucía,Inês,Charlotte,Françoise,Jiřina',
    ),
    male: words('José,François,Jürgen,Søren,Håkan,Łukasz,Tomáš,Luca,João,Oliver,Séamus,Pieter'),
  },
  {
    weight: 5,
    last: words('Santos,Reyes,Cruz,Bautista,Dela Cruz,Villanueva,Mendoza,Peña,Castañeda,Aquino'),
    female: words('Maria Luisa,Angelica,Rosario,Jasmine,Cristina,Marisol,Tala,Divina'),
    male: words('Jose Miguel,Paolo,Ramon,Niño,Benjie,Rafael,Andres,Crisanto'),
  },
  {
    weight: 3,
    last: words('Kim,Lee,Park,Choi,Jung,김,이,박,최,정'),
    female: words('Ji-woo,Seo-yeon,Min-ji,Ha-eun,지우,서연,민지'),
    male: words('Min-jun,Seo-jun,Do-yun,Ji-ho,민준,서준,지호'),
  },
];

const TOTAL = STOCKS.reduce((sum, stock) => sum + stock.weight, 0);

/** A name, or another one of the same family when `family` is given. */
export function nameOf(random: SeededRandom, family: PersonName | null): PersonName {
  let drawn = random.next() * TOTAL;
  const byWeight = STOCKS.find((stock) => (drawn -= stock.weight) < 0);
  const stock =
    STOCKS.find((candidate) => family !== null && candidate.last.includes(family.lastName)) ?? byWeight;
  if (stock === undefined) throw new Error('nameOf: weights do not add up');
  const isFemale = random.chance(0.54);
  const firstName = random.pick(isFemale ? stock.female : stock.male);
  const gender = random.chance(0.6) ? (isFemale ? 'female' : 'male') : '';
  return { lastName: family?.lastName ?? random.pick(stock.last), firstName, gender };
}
